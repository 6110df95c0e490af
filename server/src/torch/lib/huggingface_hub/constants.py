"""Names of files on the hub."""
HF_HUB_CACHE = '~/.cache/huggingface/hub'
HUGGINGFACE_HUB_CACHE = HF_HUB_CACHE
PYTORCH_WEIGHTS_NAME = 'pytorch_model.bin'
SAFETENSORS_SINGLE_FILE = 'model.safetensors'
CONFIG_NAME = 'config.json'
