-- What the client is asked for after the pages. Sessions of before were never asked for an SMS.
ALTER TABLE session ADD COLUMN sends_sms INTEGER NOT NULL DEFAULT 0 CHECK (sends_sms IN (0, 1));
ALTER TABLE session ADD COLUMN arrives_at INTEGER
    CHECK (step <> 'awaits-sms' OR arrives_at IS NOT NULL);
