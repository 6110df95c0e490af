"""Helpers of the hub."""
from .errors import EntryNotFoundError
from .errors import GatedRepoError
from .errors import HfHubHTTPError
from .errors import HFValidationError
from .errors import LocalEntryNotFoundError
from .errors import OfflineModeIsEnabled
from .errors import RepositoryNotFoundError
from .errors import RevisionNotFoundError


def validate_hf_hub_args(fn):
    return fn


def hf_raise_for_status(response, endpoint_name=None):
    return None


def build_hf_headers(**kwargs):
    return {}


def get_session():
    return None


def are_progress_bars_disabled(name=None):
    return True


def disable_progress_bars(name=None):
    return None


def enable_progress_bars(name=None):
    return None
