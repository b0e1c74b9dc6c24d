#ifndef NA_TEST_CONVERSIONS_H
#define NA_TEST_CONVERSIONS_H

#include "packed.h"
#include "suite.h"

/* Packs floats into the w of a packing, and unpacks a stream: by the kernels, with na_copy_f32. */
void na_pack(const suite_call *c, na_packing *to, const float *floats, size_t count);
void na_unpack(const suite_call *c, const na_packed *from, float *floats, size_t count);

#endif
