#ifndef YAGURA_TESTS_UNIT_ID_TOKENS_H
#define YAGURA_TESTS_UNIT_ID_TOKENS_H

/* Made once with keys that were thrown away: see test_id_token.c for what each is. */
__attribute__((unused)) static const char jwks[] =
    "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"xGyqtQxQXhdufTCgvfkzWNtRQWhUyXq7V2NXm93UMGcqYL_b-ZRJ5ztgFAI4shV1OjJ1IQDJ9"
    "N-23GTxV2hNfUIRG2n-ui5eNLvhyqZFRzAX2MvIOOLnIcRldgW-01DAUZo94d0bl0agHXxhlYKqOZrs3nNwC64UIqi6pn_c2029F"
    "8Wy8N3ZQUCpJBW81QuH4ZU8scEItUzEpyX1zD_rK_VmKo-83MI20NG-5tyk6GVMOn11rAp7JxYhYrElETEOB8kNaqjgH-hiiufww"
    "bPZjhyTfs9WRvJKx-_jSi3MpEV5-z90qagWxrGJS7pvzBcG0s_olYOztQO5PRII7e4N_w\",\"e\":\"AQAB\",\"kid\":\"r\",\"use\":\"s"
    "ig\"},{\"kty\":\"EC\",\"x\":\"rWUug6JPGbYKORSNhUhunftdaxCffeiwLqw4U9GvfYU\",\"y\":\"AqMp697aGnQcaYoQng2f-RYt6ovs"
    "Hy1PxZ8Syrs9Wd8\",\"crv\":\"P-256\",\"kid\":\"e\",\"use\":\"sig\"},{\"kty\":\"RSA\",\"n\":\"wL3"
    "KUrB36Vp3Ct9LSnoLNtz3cTdF"
    "9aSXTP5BWnXd8JLzpZg5rYgKuB0-134qU4DBUgMTAyV2DwWIZWd26R3XLpkVDXu7cgJDFUG6kkjGIRW6TQxhjUOvgUCdYnOndaNJ"
    "CstUXebF5s3kBqw8NhkWr35qQNL4PZSiqNKq5koGIRc\",\"e\":\"AQAB\",\"kid\":\"s\",\"use\":\"sig\"}]}";
__attribute__((unused)) static const char token_rs256[] =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6InIiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUiLCJzdWIiO"
    "iJ1MSIsImF1ZCI6InlhZ3VyYSIsIm5vbmNlIjoibi0xIiwiZXhwIjoxNzkwMDAwNjAwLCJpYXQiOjE3OTAwMDAwMDAsImVtYWlsI"
    "joiYUBiLmpwIiwiZW1haWxfdmVyaWZpZWQiOnRydWV9.IQAw1Za04lDb0IEK7dSl7u65QCiMcoSRyjAd2R2F1r1VLSd2TwZpNDDh"
    "C5rvT6jApu149yhoVcp118zL8IOGlwfSvnsY6Ha0sc-hZuYliMk5P-VDUFqtf3E1Yak5U1jxO986nKwZuZNSzVbBcr4qX0UY7H1C"
    "A0mFoJilIh17PNVBtTCqsrUulq4u1UKaqjTIP2r5ezW2Fjz11mFTLPPgMBeOPZqJ1imP8ucw5UDXq9LTQUKgPLHJ13SfV66Whhbe"
    "PCa9wYFG1M1jjlPuViwdlnhEuu9ZZnY1FN0_5Atg-_AGxwo-H-jPOC5-kTbe7vV8a6J4uOa7-D8m8LgOuqkY9A";
__attribute__((unused)) static const char token_es256[] =
    "eyJhbGciOiJFUzI1NiIsImtpZCI6ImUiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUiLCJzdWIiO"
    "iJ1MSIsImF1ZCI6InlhZ3VyYSIsIm5vbmNlIjoibi0xIiwiZXhwIjoxNzkwMDAwNjAwLCJpYXQiOjE3OTAwMDAwMDAsImVtYWlsI"
    "joiYUBiLmpwIiwiZW1haWxfdmVyaWZpZWQiOnRydWV9.Vl_Om6PoFnjRWW-uMtZfyOVp8LMllDj026PX4iArjIWZTV_J2EOVWoep"
    "u26QUFQzJW4gdwuuLq9c-AW_ug2LDQ";
__attribute__((unused)) static const char token_none[] =
    "eyJhbGciOiJub25lIiwia2lkIjoiciIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUiLCJzdWIiOiJ"
    "1MSIsImF1ZCI6InlhZ3VyYSIsIm5vbmNlIjoibi0xIiwiZXhwIjoxNzkwMDAwNjAwLCJpYXQiOjE3OTAwMDAwMDAsImVtYWlsIjo"
    "iYUBiLmpwIiwiZW1haWxfdmVyaWZpZWQiOnRydWV9.";
__attribute__((unused)) static const char token_hs256[] =
    "eyJhbGciOiJIUzI1NiIsImtpZCI6InIiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUiLCJzdWIiO"
    "iJ1MSIsImF1ZCI6InlhZ3VyYSIsIm5vbmNlIjoibi0xIiwiZXhwIjoxNzkwMDAwNjAwLCJpYXQiOjE3OTAwMDAwMDAsImVtYWlsI"
    "joiYUBiLmpwIiwiZW1haWxfdmVyaWZpZWQiOnRydWV9.Sp76oAu5sg99xyRDq_NAzfDUYisIvwiH0gE-5yHX-bg";
__attribute__((unused)) static const char token_small[] =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6InMiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUiLCJzdWIiO"
    "iJ1MSIsImF1ZCI6InlhZ3VyYSIsIm5vbmNlIjoibi0xIiwiZXhwIjoxNzkwMDAwNjAwLCJpYXQiOjE3OTAwMDAwMDAsImVtYWlsI"
    "joiYUBiLmpwIiwiZW1haWxfdmVyaWZpZWQiOnRydWV9.g36equdIBGqIRbrQk6yiWLVqjUZlhRq-_QixREuGz2ChXib_bMTdJGiN"
    "CcgSA4R-4GRPLrMhuqb_kSWcaxVqnBYnT0MXK7-NRw9xLg70ghqgumdC9wQNMtlfZJqwQSBibpsqbuHoqeyQcBLBYU62mpeayjoE"
    "qQtL3fr6lKhsFsk";
__attribute__((unused)) static const char token_wrong_kid[] =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6IngiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUiLCJzdWIiO"
    "iJ1MSIsImF1ZCI6InlhZ3VyYSIsIm5vbmNlIjoibi0xIiwiZXhwIjoxNzkwMDAwNjAwLCJpYXQiOjE3OTAwMDAwMDAsImVtYWlsI"
    "joiYUBiLmpwIiwiZW1haWxfdmVyaWZpZWQiOnRydWV9.j5O1wqT6GATh-7m3zI7SZB4PmiuHjXX2Crgiy1J_NZnypI1tTFOXVXMq"
    "zFZr_3rYnM7A-bSV7IRAcXOlFE-d6mFqACldyFxi6_wa4zfEVp6tuMrKo5hjvEP4eM-ICGT5undZY2b1lD1pcdEbQ7MwcNCdNXPp"
    "ocu85GG2vZUcDRJe4KGcPj_Hw_Ax9rx44VdFT422j5_3ttbuyrIpk3RzZ0NeL9vBcKBDzG9VpoGnUU7ESY1lrJkM9ZHpAL-loJAx"
    "gD1k0Sk0hFyLjN1CfUfsinANvzSJyhS8k73vcwMLFkjUHtjNdgL8doBvxCQRtA8Mmd-sNvJIx6GXT2MW2CYiGw";
__attribute__((unused)) static const char token_cross[] =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6ImUiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUiLCJzdWIiO"
    "iJ1MSIsImF1ZCI6InlhZ3VyYSIsIm5vbmNlIjoibi0xIiwiZXhwIjoxNzkwMDAwNjAwLCJpYXQiOjE3OTAwMDAwMDAsImVtYWlsI"
    "joiYUBiLmpwIiwiZW1haWxfdmVyaWZpZWQiOnRydWV9.rWpw5nhtOayQDryqFi3sXPmGouserzT78SfYs_ccm2uovYB2R_f4HDvq"
    "aK-HadeaJrQzq8-eSdtwLuMbBpBXoL7Uf6Q6spNF5XJCysP6ADi4fIS34MSHdFSCO6OBEJpWztpw3YoRS89HGY_4tA7WievSKe3U"
    "hE42frwCryUuQaQsZI_SUrGd_hXKLgM8oMB7V9sS-_7ZITmVexw2jQO1V1xamZXEpkkhRIcnJE3Fl2OREWlH7VXn6YD9IAtguZko"
    "DDxrKtwWbnAX4d6CbQXJxA6kWBl6hbgzQxuLmMLGAMQe0-4ouwjW3mmDL66J_8Ly3_KEvH-6A1qZCisZF8nP-Q";
__attribute__((unused)) static const char token_issuer[] =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6InIiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJodHRwczovL290aGVyLmV4YW1wbGUiLCJzdWIiO"
    "iJ1MSIsImF1ZCI6InlhZ3VyYSIsIm5vbmNlIjoibi0xIiwiZXhwIjoxNzkwMDAwNjAwLCJpYXQiOjE3OTAwMDAwMDAsImVtYWlsI"
    "joiYUBiLmpwIiwiZW1haWxfdmVyaWZpZWQiOnRydWV9.O786iHYiH9Av1yDDOCUysNP64OEw3s01c9FB48hVwjY_JQwzC8lETnPg"
    "CaGCJhQV1lsI2pylWj8lLiBedWyDMReI94xNAno9OqKiJBQHMRtrqdCZQclhDgqLFlARTRpnjAKQQxYlxPY8HROkOPaKSBC_1pYS"
    "C6cP0hkQI5iarxW10TckcyYaRSOR16ipsQ_KfXGjP60cZF3dHgr5FDPw0pNhWTDUNiykGDwHDE15ccA5JuJohje-4Coo6QUs3BLM"
    "8d3i0qvi1CcIcNgchTQh4RZyqPKKC9axuCdZ3JEL2If02TXh1ovrS1dwwFwZ2Zqc8IUn_gbsCdvGg72jwpa9cg";
__attribute__((unused)) static const char token_audience[] =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6InIiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUiLCJzdWIiO"
    "iJ1MSIsImF1ZCI6InNvbWVib2R5Iiwibm9uY2UiOiJuLTEiLCJleHAiOjE3OTAwMDA2MDAsImlhdCI6MTc5MDAwMDAwMCwiZW1ha"
    "WwiOiJhQGIuanAiLCJlbWFpbF92ZXJpZmllZCI6dHJ1ZX0.oZ3XuNJo5XmUesFTkI-J3Z4w5QC8MKINzgn6cQo_N52-KAtPsQWtJ"
    "jykKLxZoG38ZkmiX5ldxl4vDKV1o34Z2ai14c0QaI3gqVnpWdC81yDgikvzllHwt8zChlxEUXTVbYtnI0Z68zl9m0HwekLa7cc3z"
    "AvE_vsHMy8uRAQoRcLh52U3t2jbQhp8rbCYKTKyhoBCqo3NdRThNpgQcoa1AwGp5SkUIcEXEOZjkUN_LwA_udi5-3Hev7uBFraQk"
    "xq1uXF2QMtAnVmAnDOYcWKDPERvAXTLnnQ_N1-Lc0u-soXuTeiLH2Ge4BuABD7F1l_zbaYcN5P1RIcOXpypZJRMRw";
__attribute__((unused)) static const char token_audiences[] =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6InIiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUiLCJzdWIiO"
    "iJ1MSIsImF1ZCI6WyJvdGhlciIsInlhZ3VyYSJdLCJub25jZSI6Im4tMSIsImV4cCI6MTc5MDAwMDYwMCwiaWF0IjoxNzkwMDAwM"
    "DAwLCJlbWFpbCI6ImFAYi5qcCIsImVtYWlsX3ZlcmlmaWVkIjp0cnVlfQ.lMfkJfqPgznDnDtiXqmmV4AmO94tyT8qOBHwxIVQAh"
    "ZSylXwjc1f9N2gKx9sSQ3Fktj76D03ynMgofgTCKu2lCCr_2NBFGi_6yDbBQk8DW5cLKrm6lx4GvWvzSjEqUGuFBNElzuzMEsCNA"
    "xkL5-y9_J8Bqaa3kdKcn6OyFnpCDit1QYsf3HYCQom3A9IY5roxXoyR1taDOlug2vImI63r_U6DGBShDfbneB1FRt3HqiFVp87qN"
    "QiSeNZv082op2yB1Bd5wjEEPCTbRgVFj3w_GZZvH2AWF_-wVuDSEBX-4G5T_UouEzk0VrvEipQ5ZLCVzT-Ej7h-9MMhw6YDIP0SQ";
__attribute__((unused)) static const char token_audiences_azp[] =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6InIiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUiLCJzdWIiO"
    "iJ1MSIsImF1ZCI6WyJvdGhlciIsInlhZ3VyYSJdLCJub25jZSI6Im4tMSIsImV4cCI6MTc5MDAwMDYwMCwiaWF0IjoxNzkwMDAwM"
    "DAwLCJlbWFpbCI6ImFAYi5qcCIsImVtYWlsX3ZlcmlmaWVkIjp0cnVlLCJhenAiOiJ5YWd1cmEifQ.N5kDYdPkg_9G-nCiS0RsS1"
    "cInZafPoV2S4_A7cWJT_tJfl-4u8kzDzwLVK9PqHaOMXgdnHfO8wggL48EvHr9YNkiV2EWPmCFa4YPkoFZZHeh2f4k35yd5KeDSz"
    "CQ2IUa5mHaEUKayt_Pt4cszIWVQ3eWHRYAhR-F-xAaQjF6mRvjdKu18PKzwmFDKYZRyyVnp-tsrl-P362kALGnAOUcvV8sn44x5i"
    "H7dGvX3bre9RPcNvHTytBPC2GxJ_AL5D0EnqZIa2JRD8Ha1JACsz0EXAf7rXF3g-tMfNydpATjcDU7VA9Sra5jpSx2IRquywQDUW"
    "udTFEgreHO6n4wXbdWDQ";
__attribute__((unused)) static const char token_nonce[] =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6InIiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUiLCJzdWIiO"
    "iJ1MSIsImF1ZCI6InlhZ3VyYSIsIm5vbmNlIjoibi0yIiwiZXhwIjoxNzkwMDAwNjAwLCJpYXQiOjE3OTAwMDAwMDAsImVtYWlsI"
    "joiYUBiLmpwIiwiZW1haWxfdmVyaWZpZWQiOnRydWV9.aZJnIDpYzzoAmG2HJkoaf4tOFRy4_Chg6dGL3G7D6wEcfD4lKcJ25U43"
    "se7A_3g4rvLuja7TOgse7J6sYBMycs43wraqv0iR-vSFXrc7x7-mpt_iSt1RfuWH2LGRXqinU_dsydF9nLSlGFaVbpU_uiQ2PFhF"
    "rCpDraX1MpwnIqiHoVSVVdNjxKrJMeYFiheOQMweEuLGY9Z8VnoKYFdAKczwEJB2Wa4QVJ-1UwpvwPeCzCK7Xz-Ws2XBkME2r15E"
    "TrDRdWe0oufMzbfOuVASuCCK_-Hp0VJTKpGbLVgsOI147dHzDeACnEGBM5YmFGqJUwlDkfzstq-lDDaUPcvv_Q";
__attribute__((unused)) static const char token_no_nonce[] =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6InIiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUiLCJzdWIiO"
    "iJ1MSIsImF1ZCI6InlhZ3VyYSIsImV4cCI6MTc5MDAwMDYwMCwiaWF0IjoxNzkwMDAwMDAwLCJlbWFpbCI6ImFAYi5qcCIsImVtY"
    "WlsX3ZlcmlmaWVkIjp0cnVlfQ.u1J1mxoQcxbnxO4B-R_go4swONnKUBi_5Obd6WjgSoO_mDEwdozuSO0dgv0cl7t3wjkppI_A_d"
    "A4OSriDbyK8qtCR5NbSwUl0HN6WgT7J3U94zXtp_5DsdKrA91HNExtd6bAT8S7otv_NkR8vwUFlxkbXFioHWNxNg1hGGU86hrK_L"
    "-oc2Z3yDD45O1lSyGSBd3e_EUZiwRUtTgMPKIGGcoUTj1-b4hN0hptVf2-e7A32ZUY_iQ109U489RQs81eVyrPnxQTFbFcaCSD5r"
    "Wkgmts1UyjIwsCds_oVbPgGCETjKXKkQ0TBDqYF8fFEY6njVaxDVkcmBbLyLOndpB-jg";
__attribute__((unused)) static const char token_early[] =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6InIiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUiLCJzdWIiO"
    "iJ1MSIsImF1ZCI6InlhZ3VyYSIsIm5vbmNlIjoibi0xIiwiZXhwIjoxNzkwMDE5MDAwLCJpYXQiOjE3OTAwMDkwMDAsImVtYWlsI"
    "joiYUBiLmpwIiwiZW1haWxfdmVyaWZpZWQiOnRydWV9.c5dehqioqqFKp_Dp_BUcimxRwSnL2jZ-SwyHySf_Vs7MI_UT15wwSOsc"
    "lszG5cGnxDlfW12OpAHmhn8WbNYuEfCEfngwoH4qb94FMjC2xyT3UaktTRzwb6t1o12FCp9RJpSMjhACrE1i3R84WRheSF5vC9Mf"
    "9G8CYNZ_Fh0PLsKnixJP1uFAG6iXRUOrztQsVmFsm3eMUNCEpfKCWZWW7cV3I0M-EzsqhBq6dprIhi1rNA61f1-Pj3VorWBax8Ar"
    "js0v2sDEweGStWJXp0JaB9PMIQKGu9dsrxrd1Av-oCklLc0kT2qO_y4Js2jEPlMOEA5BE2hC1bcvWiYjzF3PCA";
__attribute__((unused)) static const char token_unverified[] =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6InIiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUiLCJzdWIiO"
    "iJ1MSIsImF1ZCI6InlhZ3VyYSIsIm5vbmNlIjoibi0xIiwiZXhwIjoxNzkwMDAwNjAwLCJpYXQiOjE3OTAwMDAwMDAsImVtYWlsI"
    "joiYUBiLmpwIiwiZW1haWxfdmVyaWZpZWQiOiJ0cnVlIn0.tWMFGNziYbpTcDvZAKybeKH_dVnMXWOQci2K2FkDjaBgmTzwKygh4"
    "xTO90fo8Xex8vcgdPpGLaeuI29GLub9N4MJ6xvSSAzJM62Ch7PW0wRmunymJ2tsvN7SlJs3nzqmPqu2sXSC4BbEbRJOy7G4saN2m"
    "l81lZEIOf4B7STohIFJs1SK8wM5-IkHSEpLoCVHdnwpgvABaJ6qEXOPj1-4PPjGGLuiHaarJ1bWKGxgXu63IPWRbV-3fEUwQGd-q"
    "kgMB2QZVbXmKem53wfbCKGe1NW2fsvhyUWKdB0_xAuYiZsMwFL7TO4G69wGMCPm6lejb1FezHIZNEO7uFjHQwEHkQ";

#endif
