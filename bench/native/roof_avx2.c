#include "vec/avx2.h"
#include "vec/avx2_bits.h"
#define ROOF roof_avx2
#include "roof_loops.h"
