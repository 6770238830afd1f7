#include <cblas.h>

/* LAPACK comes with OpenBLAS under its Fortran names and without a header. */

/// Eigenvalues, ascending, and eigenvectors of a symmetric matrix.
void dsyev_(const char *job, const char *triangle, const int *n, double *matrix,
            const int *leading, double *values, double *work, const int *work_size, int *info);
