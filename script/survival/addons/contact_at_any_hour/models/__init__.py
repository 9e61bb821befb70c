from . import collection_contact_facts
