#include "vec/portable.h"
#define ROOF roof_portable
#include "roof_loops.h"
