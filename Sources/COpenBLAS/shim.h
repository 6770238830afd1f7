#include <cblas.h>
#include <stdlib.h>
#include <string.h>

/* How OpenBLAS chooses its kernels; weak, since a build for one kind of processor has none to
   choose from. */
void gotoblas_dynamic_init(void) __attribute__((weak));
void gotoblas_dynamic_quit(void) __attribute__((weak));

/// Lets OpenBLAS use the vectors of a processor that is newer than itself: of one it does not know
/// it takes the least for granted, which makes products six times slower. To be called once, before
/// any other call; the environment's OPENBLAS_CORETYPE goes before.
static inline void openblas_know_processor(void) {
#if defined(__x86_64__)
  if (getenv("OPENBLAS_CORETYPE") || !gotoblas_dynamic_init || !gotoblas_dynamic_quit) return;
  if (strcmp(openblas_get_corename(), "Prescott") != 0) return;
  __builtin_cpu_init();
  const char *core = 0;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) core = "Haswell";
  if (core && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw"))
    core = "SkylakeX";
  if (!core) return;
  // It is read there, and meant for nobody else.
  setenv("OPENBLAS_CORETYPE", core, 1);
  gotoblas_dynamic_quit();
  gotoblas_dynamic_init();
  unsetenv("OPENBLAS_CORETYPE");
#endif
}

/* LAPACK comes with OpenBLAS under its Fortran names and without a header. Its functions take
   pointers to everything; those below take numbers and return the status, 0 if all went well.
   Matrices are stored column by column, without gaps. */

void dsyev_(const char *job, const char *triangle, const int *n, double *matrix,
            const int *leading, double *values, double *work, const int *work_size, int *info);
void dgetrf_(const int *m, const int *n, double *matrix, const int *leading, int *pivots,
             int *info);
void dgetrs_(const char *form, const int *n, const int *count, const double *factors,
             const int *leading, const int *pivots, double *sides, const int *side_leading,
             int *info);
void dgecon_(const char *norm, const int *n, const double *factors, const int *leading,
             const double *length, double *reciprocal, double *work, int *int_work, int *info);
void dgesdd_(const char *job, const int *m, const int *n, double *matrix, const int *leading,
             double *values, double *left, const int *left_leading, double *right,
             const int *right_leading, double *work, const int *work_size, int *int_work,
             int *info);
void dgeqrf_(const int *m, const int *n, double *matrix, const int *leading, double *scales,
             double *work, const int *work_size, int *info);
void dorgqr_(const int *m, const int *n, const int *count, double *matrix, const int *leading,
             const double *scales, double *work, const int *work_size, int *info);
void dpotrf_(const char *triangle, const int *n, double *matrix, const int *leading, int *info);

/// Eigenvalues, ascending, and eigenvectors, in place of the matrix, of a symmetric n×n matrix.
/// `work_size` is at least 3n.
static inline int lapack_symmetric_eigen(int n, double *matrix, double *values, double *work,
                                         int work_size) {
  int status = 0;
  dsyev_("V", "U", &n, matrix, &n, values, work, &work_size, &status);
  return status;
}

/// P·L·U of an n×n matrix, in its place; `pivots` gets the row every row was swapped with, from 1.
/// A positive status is the number of a pivot that is 0.
static inline int lapack_eliminate(int n, double *matrix, int *pivots) {
  int status = 0;
  dgetrf_(&n, &n, matrix, &n, pivots, &status);
  return status;
}

/// The solutions for `count` right sides, in their place, from P·L·U.
static inline int lapack_solve(int n, int count, const double *factors, const int *pivots,
                               double *sides) {
  int status = 0;
  dgetrs_("N", &n, &count, factors, &n, pivots, sides, &n, &status);
  return status;
}

/// An estimate of 1 / (|A|·|A⁻¹|) from P·L·U and |A|, the largest sum of a column.
/// `work` has room for 4n numbers, `int_work` for n.
static inline int lapack_condition(int n, const double *factors, double length,
                                   double *reciprocal, double *work, int *int_work) {
  int status = 0;
  dgecon_("1", &n, factors, &n, &length, reciprocal, work, int_work, &status);
  return status;
}

/// Singular values, descending, and vectors: of an m×n matrix and k = min(m, n), `left` is m×k and
/// `right` k×n. A `work_size` of -1 only asks for the best one; `int_work` has room for 8k numbers.
static inline int lapack_singular_values(int m, int n, double *matrix, double *values,
                                         double *left, double *right, double *work,
                                         int work_size, int *int_work) {
  int status = 0;
  int k = m < n ? m : n;
  dgesdd_("S", &m, &n, matrix, &m, values, left, &m, right, &k, work, &work_size, int_work,
          &status);
  return status;
}

/// R on and above the diagonal of an m×n matrix with m ≥ n, and below it the reflections whose
/// product is Q. `work_size` is at least n.
static inline int lapack_reflect(int m, int n, double *matrix, double *scales, double *work,
                                 int work_size) {
  int status = 0;
  dgeqrf_(&m, &n, matrix, &m, scales, work, &work_size, &status);
  return status;
}

/// The first n columns of Q, in place of its reflections.
static inline int lapack_orthonormal_columns(int m, int n, double *matrix, const double *scales,
                                             double *work, int work_size) {
  int status = 0;
  dorgqr_(&m, &n, &n, matrix, &m, scales, work, &work_size, &status);
  return status;
}

/// On and above the diagonal the U with UᵗU equal to a symmetric n×n matrix.
/// A positive status is the order of a leading square that is not positive definite.
static inline int lapack_cholesky(int n, double *matrix) {
  int status = 0;
  dpotrf_("U", &n, matrix, &n, &status);
  return status;
}
