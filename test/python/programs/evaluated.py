# --- eval sees names of the module and of the function
class Conv:
    def __init__(self, n): self.n = n
def build(kind, n):
    width = n * 2
    return eval(kind)(eval('width + 1')).n
print(build('Conv', 3), eval(' 1 + 2 '), eval('[i * i for i in range(3)]'), eval('lambda a: a + 1')(2))
# --- eval of names that may not be there
args = [3, 'None', 'nearest', 'anchors', '[1, 2]']
anchors = 9
for j, a in enumerate(args):
    try:
        args[j] = eval(a) if isinstance(a, str) else a
    except NameError:
        pass
print(args)
# --- eval with namespaces
space = {'a': 2}
print(eval('a * 3', space), eval('a + b', {'a': 1}, {'b': 5}), eval('len(x)', {'x': [1, 2]}))
print(eval('a', globals(), {'a': 7}))
# --- exec binds attributes of what it is given
class Net:
    def __init__(self, n):
        self.items = []
        for i in range(n):
            exec(f'self.layer_{i} = {i} * 10')
            exec(f'self.items.append(self.layer_{i})')
net = Net(3)
print(net.items, net.layer_2)
# --- exec in a namespace gives it names
space = {}
exec('x = 3\ndef double(v):\n    return v * x\nclass A:\n    y = x + 1', space)
print(space['double'](4), space['A'].y)
out = {}
exec('z = w + 1', {'w': 4}, out)
print(out)
# --- exec at module level binds module names
exec('value = 5\nother = value + 1')
print(value, other)
# --- exec in a function leaves its locals
def f():
    a = 1
    exec('a = 2; b = 3')
    return a
print(f())
# --- eval raises as the code does
for text in ['1 / 0', 'missing', '1 +', 'x = 1', '[][1]']:
    try:
        eval(text)
    except Exception as e:
        print(type(e).__name__)
# --- eval in a comprehension of a module
names = ['int', 'str']
print([eval(n)(3) for n in names])
# --- eval that shadows
len_ = len
def g(len):
    return eval('len')
print(g(4), eval('len_([1])'))
# --- __import__ with and without a list of names
print(__import__('os.path').__name__, __import__('os.path', fromlist=['join']).join('a', 'b'))
print(__import__('collections.abc', globals(), None, ()).__name__, __import__('json', level=0).dumps([1]))
