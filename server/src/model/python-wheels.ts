/**
 * Python packages with C, C++, Rust or Fortran in them, and since which release they come ready-made for musl (`musllinux`
 * wheels, PEP 656). Known from the release notes of the
 * packages, not looked up file by file; where the release is in doubt, a later one stands here. Packages in pure Python are not
 * here.
 */

export type MuslWheels =
  /** There is none: pip compiles, or fails. */
  | { readonly kind: 'none' }
  /** Since this release; older ones are compiled. */
  | { readonly kind: 'since'; readonly version: string };

const none = `torch torchvision torchaudio tensorflow tensorflow-cpu tensorflow-gpu jax jaxlib opencv-python
  opencv-python-headless opencv-contrib-python numba llvmlite faiss-cpu onnxruntime xgboost lightgbm catboost fiona rasterio
  h5py tables pytables netcdf4 cartopy dlib spacy gensim open3d vtk pyqt5 pyqt6 pyside6 prophet
  mysqlclient psycopg2 uwsgi pycrypto python-ldap pygraphviz gdal pyicu pymssql scikit-image pystan cvxpy
  sentencepiece fasttext blosc xmlsec`;

const since = `numpy=1.25 pandas=2.0 scipy=1.14 matplotlib=3.9 scikit-learn=1.6 pillow=9.0 cryptography=35.0 lxml=4.8
  grpcio=1.44 cffi=1.15 psycopg2-binary=2.9.3 pyarrow=18.0 statsmodels=0.15 uvloop=0.17 gevent=21.12 greenlet=1.1.3
  aiohttp=3.8 bcrypt=3.2.1 pynacl=1.5 pyyaml=6.0.1 pydantic-core=0.1 orjson=3.6.4 ujson=5.1 psutil=5.9.1 tokenizers=0.13
  shapely=2.0 pyproj=3.5 polars=0.20 contourpy=1.0.7 kiwisolver=1.4.4 lz4=4.0 zstandard=0.19 brotli=1.1 ruamel.yaml.clib=0.2.7
  regex=2021.11 pyzmq=23.0 cython=3.0 pycairo=1.99 argon2-cffi-bindings=21.2 asyncpg=0.26 duckdb=1.4 pymongo=4.2
  confluent-kafka=2.5 pyodbc=4.0.35 reportlab=4.1`;

const wheels: ReadonlyMap<string, MuslWheels> = new Map<string, MuslWheels>([
  ...none.split(/\s+/).map((name) => [name, { kind: 'none' }] as const),
  ...since.split(/\s+/).map((entry) => {
    const [name = '', version = ''] = entry.split('=');
    return [name, { kind: 'since', version }] as const;
  }),
]);

/** What is known of a package's wheels for musl; null for what is pure Python or not known. `Foo_Bar` is `foo-bar`. */
export function muslWheels(name: string): MuslWheels | null {
  return wheels.get(name.toLowerCase().replace(/[_.]+/g, '-').replace(/\[.*/, '')) ?? null;
}

/** Whether a release number is at least another one: `1.26.4` and `1.25`. */
export function isAtLeast(version: string, least: string): boolean {
  const [a, b] = [version, least].map((text) => text.split('.').map((part) => Number.parseInt(part, 10) || 0));
  for (let index = 0; index < Math.max(a?.length ?? 0, b?.length ?? 0); index++) {
    const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** The packages that lines of a requirements file name, with the release where one is pinned. */
export function requirementsOf(text: string): readonly { readonly name: string; readonly version: string | null }[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [, name, version] = /^\s*([A-Za-z][\w.-]*)(?:\[[^\]]*\])?\s*(?:==\s*([\w.]+))?/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, version: version ?? null }];
  });
}
