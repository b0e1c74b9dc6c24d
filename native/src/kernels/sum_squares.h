/*
 * The sum of g * g over at most NA_SUM_BLOCK elements, in 32 lanes of double that do not depend on the vector's width:
 * element i adds to lane i % 32, and the lanes are added as a tree, first vector by vector.
 */
#define NA_SUM_LANES 32
#define NA_SUM_VECTORS (NA_SUM_LANES / NA_LANES)

static double sum_squares(const float *g, size_t count)
{
    na_sum sums[NA_SUM_VECTORS];
    double lanes[NA_LANES];
    size_t i, j, h;
    for (j = 0; j < NA_SUM_VECTORS; ++j)
        sums[j] = na_sum_zero();
    for (i = 0; count - i >= NA_SUM_LANES; i += NA_SUM_LANES) {
        na_prefetch((const void *)((uintptr_t)(g + i) + NA_AHEAD * sizeof(float)));
        na_prefetch((const void *)((uintptr_t)(g + i) + (NA_AHEAD + 16) * sizeof(float)));
        for (j = 0; j < NA_SUM_VECTORS; ++j)
            sums[j] = na_sum_add_square(sums[j], g + i + j * NA_LANES, NA_LANES);
    }
    for (j = 0; i < count; ++j, i += NA_LANES)
        sums[j] = na_sum_add_square(sums[j], g + i, count - i < NA_LANES ? count - i : NA_LANES);
    for (h = NA_SUM_VECTORS / 2; h > 0; h /= 2)
        for (j = 0; j < h; ++j)
            sums[j] = na_sum_add(sums[j], sums[j + h]);
    na_sum_store(lanes, sums[0]);
    for (h = NA_LANES / 2; h > 0; h /= 2)
        for (j = 0; j < h; ++j)
            lanes[j] += lanes[j + h];
    return lanes[0];
}
