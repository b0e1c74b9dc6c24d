#include "vec/neon.h"
#define ROOF roof_neon
#include "roof_loops.h"
