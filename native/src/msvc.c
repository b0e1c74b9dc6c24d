/* Microsoft's linker asks for this symbol of its C runtime where floating point is used; this library has no runtime.
 */
extern int _fltused;
int _fltused = 1;
