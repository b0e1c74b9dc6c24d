#include "vec/portable.h"
#include "kernels/all.h"
