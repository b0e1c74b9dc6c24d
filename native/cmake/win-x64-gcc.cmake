# 64-bit Windows with MinGW's compiler; tests run under Wine where it is, in a profile of their own.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR AMD64)
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc)
find_program(NATIVE_ADAMAX_WINE NAMES wine64 wine PATHS /usr/lib/wine)
if(NATIVE_ADAMAX_WINE)
    set(CMAKE_CROSSCOMPILING_EMULATOR
        "${CMAKE_COMMAND};-E;env;WINEDEBUG=-all;WINEPREFIX=${CMAKE_BINARY_DIR}/wine;${NATIVE_ADAMAX_WINE}")
endif()
