-- Makes the open transaction permanent.
commit;
