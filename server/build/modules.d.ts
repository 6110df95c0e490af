/** Modules that the build provides: Python sources as text, and the index of our own Python library. */
declare module '*.py' {
  const text: string;
  export default text;
}

/** Every .py file under server/src/python/lib and server/src/torch/lib by its path below that folder (`torch/nn/__init__.py`). */
declare module 'virtual:pylib' {
  const files: Readonly<Record<string, string>>;
  export default files;
}
