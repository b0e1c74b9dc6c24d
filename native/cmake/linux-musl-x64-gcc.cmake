# 64-bit x86 Linux with musl's wrapper of the machine's compiler; tests run under musl's own loader.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_C_COMPILER musl-gcc)
find_program(NATIVE_ADAMAX_MUSL ld-musl-x86_64.so.1 PATHS /lib /usr/lib)
set(CMAKE_CROSSCOMPILING_EMULATOR "${NATIVE_ADAMAX_MUSL}")
