"""Nothing of the journal stands in an organisation; its two personal entries read files."""

from tests.harness.matrix import apart

apart("journal.factor.load", "its content is a file; run in the tests of the journal")
apart("journal.factor.derive", "it derives from loaded factors; run in the tests of the journal")
