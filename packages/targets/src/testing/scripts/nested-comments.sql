/* a /* b ; */ ; 'c */
CREATE TABLE t (a int /* ; */, b int -- ; ' "
);
-- ; $$
/*/**/;*/
CREATE INDEX ON t (a) /* no end */ ; -- the end
/* last */
