#include "vec/avx512.h"
#include "vec/avx512_bits.h"
#include "kernels/all.h"
