#include "vec/avx2.h"
#include "vec/avx2_bits.h"
#include "kernels/all.h"
