# ruff: noqa: ARG001, B007, B905, BLE001, C401, C408, C901, E401, E501, E701, E702, E731, E741, I001, PLR0912, PLR0915, PLR1714, PLW0603, PTH100, PTH110, PTH118, PTH120, PTH123, Q000, RET503, RUF005, RUF059, S311, S603, S607, SIM108, SIM115, SIM117, SIM300, SIM905, SLF001, UP031
# fmt: off
"""Geometric invariants + signature of hyperbolic knots, from SnapPy's tables, without Sage.

    pip install snappy snappy_15_knots knot_floer_homology database_knotinfo numpy pandas    (g++ optional)
    python make_knots.py rows.csv --max-all 12 --sample 13,14 --seed 20240430 --minutes 46   (resumes rows.csv)
    python make_knots.py rows.csv --finish hyperbolic_knots.csv.gz                           (tidy table)

Input: Hoste-Thistlethwaite tables on PyPI (snappy_manifolds <=14 crossings, snappy_15_knots; snappy_16_knots exists).

  short geodesic : own enumerator (class Tiling): tiles H^3 by copies of the geometric ideal tetrahedra.
                   Every closed geodesic meets the dual spine of the triangulation, so one of its deck
                   transformations g moves some tetrahedron centre c by at most
                   arccosh(cosh(r)^2 cosh(l) + sinh(r)^2), r = radius of the spine seen from c.
                   All g below that bound are enumerated: up to rounding no shorter geodesic is missed.
  torsion degrees: Dunfield-Friedl-Jackson SL2 / adjoint torsion polynomials (arXiv 1108.3045): Fox calculus on
                   the dual 2-complex with local frames, determinants on the unit circle, FFT -> width.
  signature      : Seifert matrix of the tabulated diagram; right-handed trefoil = -2 (as in DeepMind's data:
                   then signature and slope agree in sign).
"""
import argparse, csv, math, os, random, sys, time, warnings
os.environ.setdefault('OMP_NUM_THREADS', '1'); os.environ.setdefault('OPENBLAS_NUM_THREADS', '1')
import numpy as np
import snappy
warnings.filterwarnings('ignore')
ETA = np.array([-1., 1., 1., 1.])

# ---------------------------------------------------------------- optional C++ kernel (g++), numpy fallback
CPP = open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'tile.cpp')).read()
LIB = None
def kernel():
    global LIB
    if LIB is None:
        import ctypes, subprocess, tempfile
        LIB = False
        try:
            d = tempfile.mkdtemp(); open(d + '/t.cpp', 'w').write(CPP)
            subprocess.run(['g++', '-O2', '-shared', '-fPIC', '-o', d + '/t.so', d + '/t.cpp'], check=True)
            LIB = ctypes.CDLL(d + '/t.so')
        except Exception as e:
            print('no C++ kernel:', e, file=sys.stderr)
    return LIB

# ---------------------------------------------------------------- geometry of the triangulation
def parse_gluing(M):
    tok = M._to_string().split('\n')
    i = 0
    while not tok[i].strip().startswith(('torus', 'Klein')): i += 1
    while tok[i].strip().startswith(('torus', 'Klein')): i += 1
    rest = ' '.join(tok[i:]).split()
    n = int(rest[0]); p = 1
    nb = np.zeros((n, 4), int); pm = np.zeros((n, 4, 4), int)
    for t in range(n):
        nb[t] = [int(x) for x in rest[p:p + 4]]
        pm[t] = [[int(c) for c in s] for s in rest[p + 4:p + 8]]
        p += 4 + 4 + 4 + 64 + 2
    return nb, pm

def herm_to_vec(P):
    return np.stack([(P[..., 0, 0] + P[..., 1, 1]).real / 2, (P[..., 0, 0] - P[..., 1, 1]).real / 2,
                     P[..., 0, 1].real, P[..., 0, 1].imag], -1)

def outer(w):
    return w[..., :, None] * w[..., None, :].conj()

SIG = np.array([[[1, 0], [0, 1]], [[1, 0], [0, -1]], [[0, 1], [1, 0]], [[0, 1j], [-1j, 0]]], complex)

def sl2_to_o31(A):
    return np.stack([herm_to_vec(A @ S @ np.conj(np.swapaxes(A, -1, -2))) for S in SIG], -1)

def mink(x, y):
    return (x * y * ETA).sum(-1)

def normalize(v):
    return v / np.sqrt(-mink(v, v))[..., None]

class Tiling:
    def __init__(self, M):
        self.nb, self.pm = parse_gluing(M)
        z = np.array([complex(s) for s in M.tetrahedra_shapes('rect')])
        n = self.n = len(z)
        if (z.imag <= 1e-9).any(): raise ValueError('not positively oriented')
        w = np.zeros((n, 4, 2), complex)
        w[:, 0] = (1, 0); w[:, 1] = (0, 1); w[:, 2] = (1, 1); w[:, 3, 0] = z; w[:, 3, 1] = 1
        self.w = w
        det = lambda a, b: a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
        self.d = d = np.abs(det(w[:, :, None, :], w[:, None, :, :]))
        # horoball scales (one cusp): equal horocycle segments across every face
        s2 = np.full((n, 4), np.nan); s2[0, 0] = 1; stack = [(0, 0)]
        def h(t, v, f):
            j, k = [x for x in range(4) if x != v and x != f]
            return d[t, j, k] / (d[t, v, j] * d[t, v, k])
        while stack:
            t, v = stack.pop()
            for f in range(4):
                if f == v: continue
                u, g = self.nb[t, f], self.pm[t, f]
                if np.isnan(s2[u, g[v]]):
                    s2[u, g[v]] = s2[t, v] * h(u, g[v], g[f]) / h(t, v, f); stack.append((u, g[v]))
        if np.isnan(s2).any(): raise ValueError('more than one cusp')
        V = herm_to_vec(outer(w)) * s2[..., None]
        self.c = normalize(V.sum(1))
        r = np.zeros(n)
        for a in range(4):
            r = np.maximum(r, -mink(self.c, normalize(V.sum(1) - V[:, a])))
            for b in range(a):
                r = np.maximum(r, -mink(self.c, normalize(V[:, a] + V[:, b])))
        self.coshr2 = r ** 2
        # face gluings: A[t,f] carries standard tet nb[t,f] to its place across face f of standard tet t
        self.A = np.zeros((n, 4, 2, 2), complex)
        for t in range(n):
            for f in range(4):
                i, j, k = [x for x in range(4) if x != f]
                u, g = self.nb[t, f], self.pm[t, f]
                self.A[t, f] = mobius(w[u, g[i]], w[u, g[j]], w[u, g[k]], w[t, i], w[t, j], w[t, k])
        self.Binv = sl2_to_o31(np.linalg.inv(self.A))          # acts on points: new p = Binv p
        # outward unit normals
        N = np.zeros((n, 4, 4))
        for f in range(4):
            i, j, k = [x for x in range(4) if x != f]
            X = V[:, [i, j, k]] * ETA
            nn = np.stack([(-1) ** m * np.linalg.det(np.delete(X, m, axis=2)) for m in range(4)], -1)
            nn = nn / np.sqrt(mink(nn, nn))[:, None]
            N[:, f] = nn * -np.sign(mink(nn, V[:, f]))[:, None]
        self.N = N

    def geodesics(self, L, maxn=400000):
        """(complex lengths) of all closed geodesics of real length <= L (each possibly many times)."""
        n = self.n
        sinhD = np.sqrt((self.coshr2 * math.cosh(L) + (self.coshr2 - 1)) ** 2 - 1)
        st = np.arange(n); tt = np.arange(n); p = self.c.copy()
        G = np.broadcast_to(np.eye(2, dtype=complex), (n, 2, 2)).copy(); came = np.full(n, -1)
        seen = set(self.keys(st, tt, p)); out = []; total = n
        while len(st):
            S = np.einsum('ni,nfi->nf', p * ETA, self.N[tt])
            ok = (S <= 1e-6) & (-S <= sinhD[st][:, None] + 1e-9)   # leave c_i's side only, plane meets the ball
            ok[np.arange(len(st)), came] &= came < 0
            a, f = np.nonzero(ok)
            t0 = tt[a]; st2 = st[a]; tt2 = self.nb[t0, f]
            came2 = self.pm[t0, f, f]
            p2 = np.einsum('nij,nj->ni', self.Binv[t0, f], p[a])
            keys = self.keys(st2, tt2, p2); keep = []
            for idx, key in enumerate(keys):
                if key not in seen: seen.add(key); keep.append(idx)
            keep = np.array(keep, int)
            if not len(keep): break
            a = a[keep]; f = f[keep]
            G = np.einsum('nij,njk->nik', G[a], self.A[t0[keep], f])
            st, tt, p, came = st2[keep], tt2[keep], p2[keep], came2[keep]
            m = st == tt
            if m.any():
                tr = np.trace(G[m], axis1=1, axis2=2)
                l = 2 * np.arccosh(tr / 2 + 0j)
                l = np.where(l.real < 0, -l, l)
                l = l.real + 1j * (np.mod(l.imag + math.pi, 2 * math.pi) - math.pi)
                out.append(l[(l.real > 1e-4) & (l.real <= L + 1e-9)])
            total += len(st)
            if total > maxn: raise ValueError('tiling too large')
        self.total = total
        return np.concatenate(out) if out else np.zeros(0, complex)

    @staticmethod
    def keys(st, tt, p):
        q = np.rint(p[:, 1:] * 2000 + 0.31830988).astype(np.int64)
        k = ((q[:, 0] * 1000003 + q[:, 1]) * 1000003 + q[:, 2]) * 10007 + st * 101 + tt
        return k.tolist()

    def lengths_cpp(self, L, maxn=5000000):
        import ctypes
        ptr = lambda x: x.ctypes.data_as(ctypes.c_void_p)
        I = lambda x: np.ascontiguousarray(x, np.int32); D = lambda x: np.ascontiguousarray(x, np.float64)
        cf = self.pm[np.arange(self.n)[:, None], np.arange(4), np.arange(4)]
        nb, cf, c, N, B = I(self.nb), I(cf), D(self.c), D(self.N), D(self.Binv)
        A = D(np.ascontiguousarray(self.A).view(float)); r2 = D(self.coshr2)
        out = np.zeros((4000, 2)); tot = ctypes.c_long()
        m = kernel().tile(self.n, ptr(nb), ptr(cf), ptr(c), ptr(N), ptr(B), ptr(A), ptr(r2), ctypes.c_double(L),
                          ptr(out), 4000, ctypes.c_long(maxn), ctypes.byref(tot))
        if m < 0: raise ValueError('tiling too large')
        self.total = tot.value
        l = 2 * np.arccosh((out[:m, 0] + 1j * out[:m, 1]) / 2)
        l = np.where(l.real < 0, -l, l)
        return l.real + 1j * (np.mod(l.imag + math.pi, 2 * math.pi) - math.pi)

    def shortest(self):
        """(real length, imaginary part, number of distinct imaginary parts at that length)."""
        for L in ((1.0, 1.6, 2.2, 3.2) if kernel() else (0.5, 0.8, 1.1, 1.4, 1.7, 2.0, 2.3, 2.7, 3.2)):
            ls = self.lengths_cpp(L) if kernel() else self.geodesics(L)
            if len(ls):
                m = ls.real.min(); c = ls[ls.real < m + 1e-7]
                c = sorted(set((round(abs(x.imag), 6), -np.sign(round(x.imag, 6)), x.imag) for x in c))
                return m, c[0][2], len({round(x[2], 6) for x in c})
        raise ValueError('no short geodesic')

    # ------------------------------------------------------------------ torsion polynomials
    def torsion_degrees(self, K=64):
        """[(width, signal/noise gap)] of the SL2 and the adjoint torsion polynomial.
        Chain complex of the dual 2-complex: tets -> faces -> edges, coefficients transported in local
        frames centred at the tetrahedra (small matrix norms: double precision is enough)."""
        n, nb, pm = self.n, self.nb, self.pm
        P = np.array([[[c[0] + c[1], c[2] + 1j * c[3]], [c[2] - 1j * c[3], c[0] - c[1]]] for c in self.c])
        B = np.linalg.cholesky(P)
        A = np.linalg.inv(B)[:, None] @ self.A @ B[nb]
        inseen = {0}; queue = [0]; tree = set()
        while queue:
            t = queue.pop(0)
            for f in range(4):
                u = nb[t, f]
                if u not in inseen:
                    inseen.add(u); queue.append(u); tree |= {(t, f), (u, pm[t, f, f])}
        gen = {}; src = []
        for t in range(n):
            for f in range(4):
                if (t, f) in gen: continue
                u, g = nb[t, f], pm[t, f, f]
                A[u, g] = np.linalg.inv(A[t, f])
                if (t, f) in tree: continue
                src.append((t, f)); gen[t, f] = len(src); gen[u, g] = -len(src)
        m = len(src); rel = []; done = set()
        for t in range(n):
            for a in range(4):
                for b in range(a):
                    if (t, a, b) in done: continue
                    f, g = [x for x in range(4) if x not in (a, b)]
                    word = []; cur = (t, a, b, f, g)
                    while True:
                        T, x, y, ff, gg = cur
                        done |= {(T, x, y), (T, y, x)}
                        word.append((T, ff, gen.get((T, ff), 0)))
                        Q = pm[T, ff]
                        cur = (nb[T, ff], Q[x], Q[y], Q[gg], Q[ff])
                        if cur[:3] == (t, a, b) and cur[3] == f: break
                    rel.append(word)
        E = np.zeros((len(rel), m), int)
        for i, wd in enumerate(rel):
            for _, _, x in wd:
                if x: E[i, abs(x) - 1] += np.sign(x)
        u, sv, vt = np.linalg.svd(E.astype(float))
        if (sv < 1e-6).sum() + max(0, m - len(sv)) != 1: raise ValueError('H1 rank')
        phi = vt[-1]; phi = phi / np.abs(phi[np.abs(phi) > 1e-6]).min()
        for q in range(1, 60):
            if np.abs(phi * q - np.rint(phi * q)).max() < 1e-5: break
        phi = np.rint(phi * q).astype(int); phi //= np.gcd.reduce(phi)
        if (E @ phi).any(): raise ValueError('phi')
        S = []
        for wd in rel:
            X = np.eye(2, dtype=complex)
            for T, f, _ in wd: X = X @ A[T, f]
            e = X[0, 0].real
            if np.abs(X - np.sign(e) * np.eye(2)).max() > 1e-6: raise ValueError('relator')
            S.append(0 if e > 0 else 1)
        for x, (t, f) in zip(gf2_solve(np.abs(E) % 2, np.array(S)), src):
            if x:
                A[t, f] = -A[t, f]; A[nb[t, f], pm[t, f, f]] *= -1
        # removed generator: small loop with phi != 0; loop = path in the tree, tree has breadth-first order
        par = {0: None}; queue = [0]
        while queue:
            t = queue.pop(0)
            for f in range(4):
                if (t, f) in tree and nb[t, f] not in par: par[nb[t, f]] = (t, f); queue.append(nb[t, f])
        def path(t):
            X = np.eye(2, dtype=complex)
            while par[t]: q, f = par[t]; X = A[q, f] @ X; t = q
            return X
        tr = [np.trace(path(t) @ A[t, f] @ np.linalg.inv(path(nb[t, f]))) for t, f in src]
        k = min((i for i in range(m) if phi[i]), key=lambda i: (abs(phi[i]), abs(tr[i])))
        t = np.exp(2j * np.pi * (np.arange(K) + 0.5) / K); s = t ** phi[k]; res = []
        for adj in (False, True):
            R = np.array([[adjoint(x) for x in row] for row in A]) if adj else A
            dim = R.shape[-1]
            J = np.zeros((K, len(rel), dim, m, dim), complex)
            for i, wd in enumerate(rel):
                X = np.eye(dim, dtype=complex); e = 0
                for T, f, x in wd:
                    if x > 0:
                        J[:, i, :, x - 1, :] += X[None] * (t ** e)[:, None, None]; e += phi[x - 1]
                    X = X @ R[T, f]
                    if x < 0:
                        e -= phi[-x - 1]; J[:, i, :, -x - 1, :] -= X[None] * (t ** e)[:, None, None]
            J = np.delete(J, k, axis=3).reshape(K, len(rel) * dim, (m - 1) * dim)
            sgn, ld = np.linalg.slogdet(J)
            den = (s - 1) * (s * s - (tr[k] ** 2 - 2) * s + 1) if adj else s * s - tr[k] * s + 1
            C = np.abs(np.fft.fft(sgn * np.exp(ld - ld.max()) / den)); C /= C.max()
            thr = 100 * max(np.quantile(C, .25), 1e-16); nz = C > thr
            run = best = 0
            for x in np.concatenate([nz, nz]):
                run = 0 if x else run + 1; best = max(best, run)
            res.append((K - min(best, K) - 1, float(C[nz].min() / max(C[~nz].max(), 1e-18)), float(np.quantile(C, .25))))
        return res

def adjoint(A):
    a, b, c, d = A[0, 0], A[0, 1], A[1, 0], A[1, 1]
    return np.array([[a * a, -2 * a * b, -b * b], [-a * c, a * d + b * c, b * d], [-c * c, 2 * c * d, d * d]])

def gf2_solve(A, b):
    A = np.concatenate([A % 2, b[:, None] % 2], 1).astype(np.uint8); r = 0; piv = []
    for c in range(A.shape[1] - 1):
        q = [i for i in range(r, len(A)) if A[i, c]]
        if not q: continue
        A[[r, q[0]]] = A[[q[0], r]]
        for i in range(len(A)):
            if i != r and A[i, c]: A[i] ^= A[r]
        piv.append(c); r += 1
    if A[r:, -1].any(): raise ValueError('no lift')
    x = np.zeros(A.shape[1] - 1, int)
    for i, c in enumerate(piv): x[c] = A[i, -1]
    return x

def mobius(a1, a2, a3, b1, b2, b3):
    """SL2C matrix carrying the points [a1],[a2],[a3] to [b1],[b2],[b3]."""
    def frame(p, q, r):
        al, be = np.linalg.solve(np.stack([p, q], 1), r)
        return np.stack([al * p, be * q], 1)
    X = frame(b1, b2, b3) @ np.linalg.inv(frame(a1, a2, a3))
    return X / np.sqrt(np.linalg.det(X))

# ------------------------------------------------------------------------------ one knot
TIMES = {}

def tick(key, t0):
    t1 = time.perf_counter(); TIMES.setdefault(key, []).append(t1 - t0); return t1

def cusp(M):
    C = M.cusp_neighborhood(); C.set_displacement(C.stopping_displacement(0), 0)
    (m, l), = C.all_translations()
    m, l = complex(m), complex(l)
    m, l = m * abs(l) / l, abs(l)           # rotate so that the longitude is real > 0
    if m.imag < 0: raise ValueError('orientation')
    return float(C.volume(0)), m, l

def positive(M):
    """A copy of M with a positively oriented geometric triangulation, best-conditioned of a few."""
    N = M.copy()
    for k in range(40):
        if N.solution_type() == 'all tetrahedra positively oriented': return N
        N.randomize()
    raise ValueError('no positively oriented triangulation')

def knot(name, torsion=True):
    """Row of invariants, or None for a knot that is not hyperbolic."""
    t00 = t = time.perf_counter()
    M0 = snappy.Manifold(name); t = tick('load', t)
    if M0.solution_type(enum=True) not in (1, 2) or M0.volume() < 1: return None
    M = positive(M0); vol = float(M.volume()); t = tick('volume', t)
    cs = float(M0.chern_simons()); t = tick('chern_simons', t)
    cv, m, l = cusp(M); t = tick('cusp', t)
    S = M.symmetry_group(); sym = str(S) if S.is_full_group() else None
    amph = int(S.is_amphicheiral()) if S.is_full_group() else None; t = tick('symmetry', t)
    L = M0.link(); t = tick('link', t)
    sig = signature(L); t = tick('signature', t)
    H = L.knot_floer_homology(); t = tick('hfk', t)
    # orientation: the census triangulation must be the exterior of the diagram, not of its mirror image
    X = L.exterior()
    for _ in range(20):
        if X.solution_type(enum=True) in (1, 2): break
        X.randomize()
    _, mx, lx = cusp(X)
    same, mirror = abs(mx.real - m.real) < 1e-5, abs(mx.real + m.real) < 1e-5
    if abs(mx.imag - m.imag) > 1e-5 or not (same or mirror): raise ValueError('exterior of the diagram differs')
    if same and mirror: flip = 0
    else: flip = 0 if same else 1
    if flip: sig = -sig; H['tau'] = -H['tau']
    t = tick('orientation', t)
    T = Tiling(M); re, im, k = T.shortest(); t = tick('geodesic', t)
    td = [None, None]; gap = None
    if torsion:
        r = T.torsion_degrees(); td = [x[0] if x[1] > 30 else None for x in r]
        gap = round(math.log10(max(min(x[1] for x in r), 1e-9)), 2); t = tick('torsion', t)
    return dict(name=name, crossings=len(L.crossings), alternating=int('a' in name), chern_simons=cs,
                cusp_volume=cv, cusp_area=2 * cv, injectivity_radius=re / 2, longitudinal_translation=l,
                meridinal_translation_imag=m.imag, meridinal_translation_real=m.real,
                short_geodesic_imag_part=im, short_geodesic_real_part=re, symmetry_group=sym, amphicheiral=amph,
                volume=vol, slope=l * m.real / abs(m) ** 2, signature=sig, genus=H['seifert_genus'],
                fibered=int(H['fibered']), tau=H['tau'], hyperbolic_torsion_degree=td[0],
                hyperbolic_adjoint_torsion_degree=td[1], torsion_gap_log10=gap, num_tetrahedra=M.num_tetrahedra(),
                n_shortest=k, diagram_is_mirror=flip, seconds=round(time.perf_counter() - t00, 4))

def signature(L):
    """sigma(V + V^T) of the diagram's Seifert matrix; sign fixed so that slope and signature agree in sign."""
    V = np.array(L.seifert_matrix())
    if V.size == 0: return 0
    e = np.linalg.eigvalsh((V + V.T).astype(float))
    if np.abs(e).min() < 1e-9: raise ValueError('singular V+V^T')
    return SIGN * int((e > 0).sum() - (e < 0).sum())
SIGN = -1

def names(max_all, sample, seed):
    H = snappy.HTLinkExteriors
    cnt = {(c, a): len(H(knots_vs_links='knots', crossings=c, alternating=a == 'a')) for c in range(3, 16) for a in 'an'}
    first = ['K%d%s%d' % (c, a, i) for c in range(3, max_all + 1) for a in 'an' for i in range(1, cnt[c, a] + 1)]
    rest = ['K%d%s%d' % (c, a, i) for c in sample for a in 'an' for i in range(1, cnt[c, a] + 1)]
    random.Random(seed).shuffle(rest)
    return first, rest

def finish(rows, out):
    """Raw rows -> tidy table with DeepMind's 17 column names and meanings (see shared/knots/README.md)."""
    import gzip, re
    import pandas as pd
    import database_knotinfo as dk
    d = pd.read_csv(rows, keep_default_na=False, na_values=['']).dropna(subset=['seconds'])
    d['knotinfo_name'] = d.name.map({'K' + x['dt_name'].replace('_', ''): x['name']
                                     for x in dk.link_list()[2:] if x['dt_name']})
    mu = np.hypot(d.meridinal_translation_real, d.meridinal_translation_imag)
    assert (mu < d.longitudinal_translation).all()
    d['max_cusp_volume'] = d.cusp_volume; d['cusp_volume'] = d.cusp_area          # DeepMind's column is the area
    d['injectivity_radius'] = np.minimum(d.short_geodesic_real_part / 2, np.arcsinh(mu / 2))   # outside the cusp
    for s in ('0', 'D3', 'D4', 'D6', 'D8', 'Z/2 + Z/2'): d['Symmetry_' + s] = (d.symmetry_group == s).astype(int)
    for c in ('hyperbolic_torsion_degree', 'hyperbolic_adjoint_torsion_degree'): d[c] = d[c].astype('Int64')
    d['shortest_geodesic_count'] = d.n_shortest
    d['idx'] = d.name.str.extract(r'[an](\d+)$').astype(int)
    d = d.sort_values(['crossings', 'alternating', 'idx'], ascending=[True, False, True])[COLUMNS]
    fl = d.select_dtypes('float').columns; d[fl] = d[fl].round(9)
    t = re.sub(r'-0\.000000000(?=[,\n])', '0.000000000', d.to_csv(index=False, float_format='%.9f', lineterminator='\n'))
    with open(out, 'wb') as f:
        with gzip.GzipFile(filename='', mode='wb', fileobj=f, mtime=0, compresslevel=9) as g: g.write(t.encode())
    print(d.shape)

COLUMNS = ('name knotinfo_name crossings alternating chern_simons cusp_volume hyperbolic_adjoint_torsion_degree '
           'hyperbolic_torsion_degree injectivity_radius longitudinal_translation meridinal_translation_imag '
           'meridinal_translation_real short_geodesic_imag_part short_geodesic_real_part Symmetry_0 Symmetry_D3 '
           'Symmetry_D4 Symmetry_D6 Symmetry_D8').split() + ['Symmetry_Z/2 + Z/2'] + (
           'volume signature slope symmetry_group amphicheiral max_cusp_volume genus fibered tau num_tetrahedra '
           'shortest_geodesic_count').split()

def main():
    ap = argparse.ArgumentParser()
    ap.add_argument('out'); ap.add_argument('--max-all', type=int, default=12)
    ap.add_argument('--sample', default='13,14'); ap.add_argument('--seed', type=int, default=1)
    ap.add_argument('--minutes', type=float, default=60); ap.add_argument('--limit', type=int, default=10 ** 9)
    ap.add_argument('--skip-first', action='store_true')
    ap.add_argument('--finish', metavar='CSV.GZ')
    o = ap.parse_args()
    if o.finish: return finish(o.out, o.finish)
    first, rest = names(o.max_all, [int(x) for x in o.sample.split(',') if x], o.seed)
    todo = ([] if o.skip_first else first) + rest
    done = set()
    for f in (o.out, o.out + '.skipped'):
        if os.path.exists(f): done |= {l.split(',')[0] for l in open(f)}
    new = not os.path.exists(o.out); end = time.time() + 60 * o.minutes
    import signal
    def late(*a): raise TimeoutError('60 s')
    signal.signal(signal.SIGALRM, late)
    fo = open(o.out, 'a', newline=''); fs = open(o.out + '.skipped', 'a'); wr = None; n = 0
    for nm in todo:
        if nm in done: continue
        if time.time() > end or n >= o.limit: break
        n += 1; row = None; why = 'not hyperbolic'
        for attempt in range(4):
            signal.alarm(60)
            try: row = knot(nm); break
            except Exception as e: why = repr(e)[:120]
            finally: signal.alarm(0)
        if row is None: fs.write('%s,%s\n' % (nm, why.replace(',', ';'))); fs.flush(); continue
        if wr is None:
            wr = csv.DictWriter(fo, list(row))
            if new: wr.writeheader()
        wr.writerow(row)
        if n % 20 == 0: fo.flush()
        if n % 500 == 0:
            print(n, nm, time.strftime('%X'), {k: '%.1fms' % (1000 * sum(v) / len(v)) for k, v in TIMES.items()}, flush=True)
    fo.close()
    print('end', n, {k: (len(v), '%.2fms' % (1000 * sum(v) / len(v)), 'max %.2fs' % max(v)) for k, v in TIMES.items()})

if __name__ == '__main__':
    main()
