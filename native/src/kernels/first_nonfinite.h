/* The first element of g from begin to end - 1 that is infinite or NaN; end if there is none. */
static size_t first_nonfinite(const float *g, size_t begin, size_t end)
{
    size_t i = begin;
    while (i < end) {
        const size_t lanes = end - i < NA_LANES ? end - i : NA_LANES;
        if (na_any_nonfinite(na_load_f32(g + i, lanes))) {
            while (g[i] - g[i] == 0.0f)
                ++i;
            return i;
        }
        i += lanes;
    }
    return end;
}
