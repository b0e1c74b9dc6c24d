#include "vec/avx512.h"
#include "vec/avx512_bits.h"
#define ROOF roof_avx512
#include "roof_loops.h"
