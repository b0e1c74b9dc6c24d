/* The first element of g from begin to end - 1 that is infinite or NaN; end if there is none. */
#define NA_TESTED_AT_ONCE 2048

static size_t first_nonfinite(const float *g, size_t begin, size_t end)
{
    size_t i, next;
    for (i = begin; i < end; i = next) {
        size_t at = i;
        na_f32 largest[4];
        next = end - i < NA_TESTED_AT_ONCE ? end : i + NA_TESTED_AT_ONCE;
        NA_EACH(j, 4, { largest[j] = na_set(0.0f); });
        for (; next - at >= 4 * NA_LANES; at += 4 * NA_LANES) {
            na_prefetch_block(g, at + NA_AHEAD, 4);
            NA_EACH(j, 4, { largest[j] = na_max(largest[j], na_abs(na_load_f32(g + at + j * NA_LANES, NA_LANES))); });
        }
        for (; at < next; at += NA_LANES)
            largest[0] = na_max(largest[0], na_abs(na_load_f32(g + at, next - at < NA_LANES ? next - at : NA_LANES)));
        if (na_any_nonfinite(na_max(na_max(largest[0], largest[1]), na_max(largest[2], largest[3])))) {
            while (g[i] - g[i] == 0.0f)
                ++i;
            return i;
        }
    }
    return end;
}
