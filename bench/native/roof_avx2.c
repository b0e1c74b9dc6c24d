#include "vec/avx2.h"
#define ROOF roof_avx2
#include "roof_loops.h"
