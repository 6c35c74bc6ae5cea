CREATE TYPE mood AS ENUM ('sad');
ALTER TYPE mood ADD VALUE 'happy' AFTER 'sad';
