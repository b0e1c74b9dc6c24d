#include "vec/avx2.h"
#include "kernels/all.h"
