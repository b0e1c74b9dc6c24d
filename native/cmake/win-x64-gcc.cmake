# 64-bit Windows with MinGW's compiler; tests run under Wine where it is, in a profile of their own.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR AMD64)
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc)
find_program(NATIVE_ADAMAX_WINE NAMES wine64 wine PATHS /usr/lib/wine)
if(NATIVE_ADAMAX_WINE)
    set(environment "WINEDEBUG=-all;WINEPREFIX=${CMAKE_BINARY_DIR}/wine")
    # Debian's script has the server end with its last program, while the next one is on its way to it.
    find_program(NATIVE_ADAMAX_WINESERVER NAMES wineserver64 PATHS /usr/lib/wine)
    if(NATIVE_ADAMAX_WINESERVER)
        list(APPEND environment "WINESERVER=${NATIVE_ADAMAX_WINESERVER}")
    endif()
    set(CMAKE_CROSSCOMPILING_EMULATOR "${CMAKE_COMMAND};-E;env;${environment};${NATIVE_ADAMAX_WINE}")
endif()
