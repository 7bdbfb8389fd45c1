/* Debian 12's Wine lacks bcryptprimitives.dll, of which Go's runtime needs this
   one function. It is Windows' own random numbers under their older name. */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG length);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T length)
{
    return SystemFunction036(buffer, (ULONG)length);
}
