/*
 * What a job of jobs.json takes in C, as anybody would write it: plain loops, or with -DBLAS the products by cblas.
 *
 *     cc -O3 -march=native -ffast-math mlp.c -lm -o mlp                  plain
 *     cc -O3 -march=native -ffast-math -DBLAS mlp.c -lm -l:libopenblas.so.0 -o mlp
 *     ./mlp ROWS BATCH EPOCHS WIDTH WIDTH...
 *
 * One JSON line: microseconds a step of the fastest and of the median epoch after the first.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#ifdef BLAS
/* Its header is in another package than the library. */
enum { CblasRowMajor = 101, CblasNoTrans = 111, CblasTrans = 112 };
void cblas_sgemm(int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *, int);
#endif

#define MOST 8
static int widths[MOST], layers;
static float *kernel[MOST], *gradient[MOST], *first[MOST], *second[MOST], *out[MOST], *delta[MOST];
static float *x, *y;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static float uniform(void) { return (float)rand() / ((float)RAND_MAX + 1); }

/* c [m, n] = a [m, k] b [k, n]; ta and tb: the operand lies the other way round. */
static void product(int ta, int tb, int m, int n, int k, const float *a, const float *b, float *c) {
#ifdef BLAS
  cblas_sgemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, m, n, k, 1, a,
              ta ? m : k, b, tb ? k : n, 0, c, n);
#else
  memset(c, 0, sizeof(float) * m * n);
  for (int i = 0; i < m; i++)
    for (int p = 0; p < k; p++) {
      float s = ta ? a[p * m + i] : a[i * k + p];
      if (tb)
        for (int j = 0; j < n; j++) c[i * n + j] += s * b[j * k + p];
      else
        for (int j = 0; j < n; j++) c[i * n + j] += s * b[p * n + j];
    }
#endif
}

static void forwards(int rows) {
  for (int l = 0; l < layers; l++) {
    int k = widths[l], n = widths[l + 1];
    float *z = out[l + 1], *bias = kernel[l] + k * n;
    product(0, 0, rows, n, k, out[l], kernel[l], z);
    for (int i = 0; i < rows; i++)
      for (int j = 0; j < n; j++) {
        float value = z[i * n + j] + bias[j];
        z[i * n + j] = l < layers - 1 && value < 0 ? 0 : value;
      }
  }
}

/* The gradient of the loss by the outputs: squared error of a line, else cross-entropy of softmax. */
static void lossGradient(int rows, const float *targets) {
  int n = widths[layers];
  float *z = out[layers], *d = delta[layers];
  for (int i = 0; i < rows; i++) {
    if (n == 1) {
      d[i] = 2 * (z[i] - targets[i]) / rows;
      continue;
    }
    float most = z[i * n], sum = 0;
    for (int j = 1; j < n; j++) most = fmaxf(most, z[i * n + j]);
    for (int j = 0; j < n; j++) sum += d[i * n + j] = expf(z[i * n + j] - most);
    for (int j = 0; j < n; j++) d[i * n + j] = (d[i * n + j] / sum - (j == (int)targets[i])) / rows;
  }
}

static void backwards(int rows) {
  for (int l = layers - 1; l >= 0; l--) {
    int k = widths[l], n = widths[l + 1];
    float *d = delta[l + 1], *bias = gradient[l] + k * n;
    product(1, 0, k, n, rows, out[l], d, gradient[l]);
    memset(bias, 0, sizeof(float) * n);
    for (int i = 0; i < rows; i++)
      for (int j = 0; j < n; j++) bias[j] += d[i * n + j];
    if (l == 0) return;
    product(0, 1, rows, k, n, d, kernel[l], delta[l]);
    for (int i = 0; i < rows * k; i++)
      if (out[l][i] <= 0) delta[l][i] = 0;
  }
}

static void adam(int t) {
  float rate = 0.001f * sqrtf(1 - powf(0.999f, t)) / (1 - powf(0.9f, t));
  for (int l = 0; l < layers; l++)
    for (int i = 0; i < (widths[l] + 1) * widths[l + 1]; i++) {
      float g = gradient[l][i];
      first[l][i] += (g - first[l][i]) * 0.1f;
      second[l][i] += (g * g - second[l][i]) * 0.001f;
      kernel[l][i] -= rate * first[l][i] / (sqrtf(second[l][i]) + 1e-7f);
    }
}

static int rising(const void *a, const void *b) {
  double d = *(const double *)a - *(const double *)b;
  return (d > 0) - (d < 0);
}

int main(int count, char **words) {
  int rows = atoi(words[1]), batch = atoi(words[2]), epochs = atoi(words[3]);
  layers = count - 5;
  for (int l = 0; l <= layers; l++) {
    widths[l] = atoi(words[4 + l]);
    out[l] = calloc((size_t)batch * widths[l], sizeof(float));
    delta[l] = calloc((size_t)batch * widths[l], sizeof(float));
  }
  for (int l = 0; l < layers; l++) {
    size_t size = (size_t)(widths[l] + 1) * widths[l + 1];
    float limit = sqrtf(6.0f / (widths[l] + widths[l + 1]));
    kernel[l] = calloc(size, sizeof(float));
    gradient[l] = calloc(size, sizeof(float));
    first[l] = calloc(size, sizeof(float));
    second[l] = calloc(size, sizeof(float));
    for (int i = 0; i < widths[l] * widths[l + 1]; i++) kernel[l][i] = (2 * uniform() - 1) * limit;
  }
  int inputs = widths[0], outputs = widths[layers];
  x = malloc(sizeof(float) * rows * inputs);
  y = malloc(sizeof(float) * rows);
  for (int i = 0; i < rows * inputs; i++) x[i] = uniform();
  for (int i = 0; i < rows; i++) y[i] = outputs == 1 ? uniform() : (float)(rand() % outputs);
  int *order = malloc(sizeof(int) * rows), steps = (rows + batch - 1) / batch, t = 0;
  for (int i = 0; i < rows; i++) order[i] = i;
  float *targets = malloc(sizeof(float) * batch);
  double *seconds = malloc(sizeof(double) * epochs);
  for (int e = 0; e < epochs; e++) {
    double start = now();
    for (int i = rows - 1; i > 0; i--) {
      int other = rand() % (i + 1), kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
    for (int at = 0; at < rows; at += batch) {
      int some = rows - at < batch ? rows - at : batch;
      for (int i = 0; i < some; i++) {
        memcpy(out[0] + i * inputs, x + (size_t)order[at + i] * inputs, sizeof(float) * inputs);
        targets[i] = y[order[at + i]];
      }
      forwards(some);
      lossGradient(some, targets);
      backwards(some);
      adam(++t);
    }
    seconds[e] = now() - start;
  }
  qsort(seconds + 1, epochs - 1, sizeof(double), rising);
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("{\"min\": %f, \"median\": %f, \"megabytes\": %f}\n", seconds[1] / steps * 1e6,
         seconds[1 + (epochs - 1) / 2] / steps * 1e6, usage.ru_maxrss / 1024.0);
}
