-- Authorizations expire by themselves, too.
DROP INDEX payment_on_pages;
CREATE INDEX payment_that_expires ON payment (expires_at)
    WHERE state IN ('asks-approval', 'asks-zip', 'authorized');
