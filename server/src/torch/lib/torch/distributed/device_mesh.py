"""Meshes of devices: one."""


class DeviceMesh:
    def __init__(self, device_type='cuda', mesh=None, *, mesh_dim_names=None):
        self.device_type = device_type
        self.mesh_dim_names = mesh_dim_names
        self.ndim = 1

    def size(self, mesh_dim=None):
        return 1

    def get_local_rank(self, mesh_dim=None):
        return 0

    def get_rank(self):
        return 0

    def get_group(self, mesh_dim=None):
        return None

    def __getitem__(self, names):
        return self


def init_device_mesh(device_type, mesh_shape, *, mesh_dim_names=None):
    return DeviceMesh(device_type, mesh_shape, mesh_dim_names=mesh_dim_names)
