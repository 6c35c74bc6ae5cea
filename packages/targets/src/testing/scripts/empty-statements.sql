;;
CREATE TABLE t (a int);;
; /* nothing */ ;
-- nothing
;
