#include <vector>
#include <unordered_set>
#include <cmath>
#include <complex>
#include <cstdint>
typedef std::complex<double> C;
struct State { int t, came; double p[4]; C g[4]; };
// depth-first tiling around every tetrahedron centre; L shrinks to the shortest length met so far.
// returns number of traces written (re,im pairs), -1 if too large
extern "C" int tile(int n, const int* nb, const int* cf, const double* c, const double* N, const double* B,
                    const double* A, const double* r2, double L, double* out, int maxout, long maxn, long* total) {
  int m = 0; *total = 0; double cut = std::cosh(L) * (1 + 1e-9);
  std::vector<State> st; std::unordered_set<uint64_t> seen;
  for (int s = 0; s < n; s++) {
    seen.clear(); st.clear();
    State x; x.t = s; x.came = -1; for (int i = 0; i < 4; i++) x.p[i] = c[4*s+i];
    x.g[0] = x.g[3] = 1; x.g[1] = x.g[2] = 0; st.push_back(x);
    auto key = [](const State& y) { uint64_t h = 1469598103934665603ULL;
      for (int i = 1; i < 4; i++) { int64_t q = (int64_t)std::llrint(y.p[i]*2000+0.31830988); h = (h ^ (uint64_t)q)*1099511628211ULL; h ^= h >> 29; }
      h = (h ^ (uint64_t)y.t)*1099511628211ULL; return h ^ (h >> 31); };
    seen.insert(key(x));
    while (!st.empty()) {
      State y = st.back(); st.pop_back();
      if (++*total > maxn) return -1;
      double ch = r2[s]*cut + r2[s] - 1, sh = std::sqrt(ch*ch - 1);
      for (int f = 0; f < 4; f++) {
        if (f == y.came) continue;
        const double* nn = N + 16*y.t + 4*f;
        double S = -y.p[0]*nn[0] + y.p[1]*nn[1] + y.p[2]*nn[2] + y.p[3]*nn[3];
        if (S > 1e-6 || -S > sh + 1e-9) continue;
        int e = 4*y.t + f; State z; z.t = nb[e]; z.came = cf[e];
        const double* b = B + 16*e;
        for (int i = 0; i < 4; i++) z.p[i] = b[4*i]*y.p[0] + b[4*i+1]*y.p[1] + b[4*i+2]*y.p[2] + b[4*i+3]*y.p[3];
        if (!seen.insert(key(z)).second) continue;
        const double* a = A + 8*e; C a0(a[0],a[1]), a1(a[2],a[3]), a2(a[4],a[5]), a3(a[6],a[7]);
        z.g[0] = y.g[0]*a0 + y.g[1]*a2; z.g[1] = y.g[0]*a1 + y.g[1]*a3;
        z.g[2] = y.g[2]*a0 + y.g[3]*a2; z.g[3] = y.g[2]*a1 + y.g[3]*a3;
        if (z.t == s) {
          C tr = z.g[0] + z.g[3]; double cl = (std::norm(tr) + std::abs(tr*tr - 4.0))/4;
          if (cl > 1 + 1e-7 && cl <= cut) {
            if (m < maxout) { out[2*m] = tr.real(); out[2*m+1] = tr.imag(); m++; }
            if (cl*(1 + 1e-6) < cut) cut = cl*(1 + 1e-6);
          }
        }
        st.push_back(z);
      }
    }
  }
  return m;
}
