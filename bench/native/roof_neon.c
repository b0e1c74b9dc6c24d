#include "vec/neon.h"
#include "vec/neon_bits.h"
#define ROOF roof_neon
#include "roof_loops.h"
