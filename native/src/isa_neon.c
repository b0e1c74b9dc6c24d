#include "vec/neon.h"
#include "kernels/all.h"
