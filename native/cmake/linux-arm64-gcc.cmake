# 64-bit ARM Linux with Debian's cross-compiler; tests run under qemu where it is.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
find_program(NATIVE_ADAMAX_QEMU_ARM64 qemu-aarch64)
if(NATIVE_ADAMAX_QEMU_ARM64)
    set(CMAKE_CROSSCOMPILING_EMULATOR "${NATIVE_ADAMAX_QEMU_ARM64};-L;/usr/aarch64-linux-gnu")
endif()
