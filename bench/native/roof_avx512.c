#include "vec/avx512.h"
#define ROOF roof_avx512
#include "roof_loops.h"
