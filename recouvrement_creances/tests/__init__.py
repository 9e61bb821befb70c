from .rules import *
from .law import *
from .policy import *
from .case import *
from .contact import *
from .extended import *
from .security import *
from .tours import *
