#include "vec/avx512.h"
#include "vec/avx512_bits.h"
#include "vec/avx512_pairs.h"
#include "kernels/all.h"
