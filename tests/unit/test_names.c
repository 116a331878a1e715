/* SPDX-License-Identifier: Apache-2.0 */
/* Names beside the popular ones, what a package claims of itself, its history. */
#include "engine/names/names.h"
#include "tap.h"

static const tw_popular *pypi(void)
{
    return tw_popular_of("pypi");
}

/* --- the tables and the forms: tools/gen_popular.py and keys.c must make the same of a name ------------ */
static void forms_agree(const char *ecosystem)
{
    const tw_popular *l = tw_popular_of(ecosystem);
    uint32_t wrong = 0, keyed = 0;
    char form[TW_NAME_MAX];
    for (uint32_t i = 0; i < tw_popular_count(l); i++)
        for (int key = 0; key < TW_KEY_MAX; key++) {
            tw_str f = {form, tw_name_form((tw_name_key)key, tw_popular_name(l, i), form)};
            if (!f.n) continue;
            keyed++;
            uint32_t found = tw_popular_find(l, (tw_name_key)key, f);
            wrong += found > i ||
                     (key == TW_KEY_NAME && found != i); /* a more popular one may have the same form */
        }
    CHECK_INT(wrong, 0);
    CHECK(keyed > 3 * tw_popular_count(l));
}

TEST(forms)
{
    forms_agree("pypi");
    forms_agree("npm");
    CHECK(tw_popular_of("maven") == NULL);
    CHECK(tw_popular_of(NULL) == NULL);
    char to[TW_NAME_MAX];
    CHECK_STR(((tw_str){to, tw_name_form(TW_KEY_SKELETON, TW_S("C0l0rn-vv.1I"), to)}), TW_S("colomwll"));
    CHECK_STR(((tw_str){to, tw_name_form(TW_KEY_WORDS, TW_S("b_a.C"), to)}), TW_S("a-b-c"));
    CHECK_INT(tw_name_form(TW_KEY_WORDS, TW_S("single"), to), 0);
    CHECK_STR(((tw_str){to, tw_name_form(TW_KEY_JOINED, TW_S("@types/node"), to)}), TW_S("typesnode"));
    CHECK_STR(((tw_str){to, tw_name_form(TW_KEY_JOINED,
                                         TW_S("l\xD0\xBE"
                                              "dash"),
                                         to)}),
              TW_S("lodash"));
}

/* --- one edit: the hashes of edits beside a plain matrix over the whole list -------------------------- */
static uint32_t distance(tw_str a, tw_str b)
{
    static uint32_t d[64][64];
    for (size_t i = 0; i <= a.n; i++) d[i][0] = (uint32_t)i;
    for (size_t k = 0; k <= b.n; k++) d[0][k] = (uint32_t)k;
    for (size_t i = 1; i <= a.n; i++)
        for (size_t k = 1; k <= b.n; k++) {
            uint32_t least = d[i - 1][k - 1] + (a.p[i - 1] != b.p[k - 1]);
            if (d[i - 1][k] + 1 < least) least = d[i - 1][k] + 1;
            if (d[i][k - 1] + 1 < least) least = d[i][k - 1] + 1;
            bool turned = i > 1 && k > 1 && a.p[i - 1] == b.p[k - 2] && a.p[i - 2] == b.p[k - 1];
            if (turned && d[i - 2][k - 2] + 1 < least) least = d[i - 2][k - 2] + 1;
            d[i][k] = least;
        }
    return d[a.n][b.n];
}

static uint32_t by_matrix(tw_str name, uint32_t below, size_t least)
{
    for (uint32_t i = 0; i < below; i++) {
        tw_str other = tw_popular_name(pypi(), i);
        size_t apart = other.n > name.n ? other.n - name.n : name.n - other.n;
        if (other.n >= least && other.n < 60 && apart < 2 && distance(name, other) == 1) return i;
    }
    return TW_NO_NAME;
}

TEST(one_edit)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    uint32_t seed = 7, differ = 0, near = 0;
    for (int round = 0; round < 600; round++) {
        char name[80];
        seed = seed * 1103515245u + 12345u;
        tw_str from = tw_popular_name(pypi(), (seed >> 8) % 4000);
        if (from.n < 3 || from.n > 40) continue;
        memcpy(name, from.p, from.n);
        size_t n = from.n, edits = 1 + (seed >> 24) % 2;
        for (size_t e = 0; e < edits; e++) {
            seed = seed * 1103515245u + 12345u;
            size_t at = (seed >> 8) % n;
            char c = letters[(seed >> 16) % (sizeof letters - 1)];
            switch ((seed >> 28) % 4) {
            case 0: memmove(name + at, name + at + 1, n - at - 1), n--; break;
            case 1: memmove(name + at + 1, name + at, n - at), name[at] = c, n++; break;
            case 2: name[at] = c; break;
            default:
                if (at + 1 < n) c = name[at], name[at] = name[at + 1], name[at + 1] = c;
            }
        }
        tw_str made = {name, n};
        uint32_t want = by_matrix(made, 5000, 4), got = tw_name_slip(pypi(), made, 5000, 4).rank;
        differ += want != got;
        near += got != TW_NO_NAME;
    }
    CHECK_INT(differ, 0);
    CHECK(near > 200);
}

static void slips(const char *name, const char *to, const char *says, bool likely)
{
    tw_slip s = tw_name_slip(pypi(), tw_str_c(name), 5000, 5);
    CHECK(s.rank != TW_NO_NAME);
    CHECK_STR(tw_popular_name(pypi(), s.rank), tw_str_c(to));
    CHECK_STR(tw_str_c(s.says), tw_str_c(says));
    CHECK_INT(s.likely, likely);
}

TEST(kinds_of_slips)
{
    slips("reqeusts", "requests", "two letters swapped", true);
    slips("requestss", "requests", "a letter doubled", true);
    slips("requuests", "requests", "a vowel doubled", true);
    slips("requesta", "requests", "the key beside", true);
    slips("requzsts", "requests", "another letter", false);
    slips("reqests", "requests", "a letter left out", true);
    slips("nampy", "numpy", "another vowel", true);
    slips("setuptool", "setuptools", "the singular", true);
    slips("urllib4", "urllib3", "another digit", false);
    slips("typing-extension", "typing-extensions", "the singular", true);
    CHECK(tw_name_slip(pypi(), TW_S(""), 5000, 5).rank == TW_NO_NAME);
    CHECK(tw_name_slip(pypi(), TW_S("requests-but-not-at-all"), 5000, 5).rank == TW_NO_NAME);
    char deep[300];
    memset(deep, 'a', sizeof deep);
    CHECK(tw_name_slip(pypi(), (tw_str){deep, sizeof deep}, 5000, 5).rank == TW_NO_NAME);
    CHECK(tw_name_slip(pypi(), (tw_str){deep, TW_NAME_MAX}, 5000, 5).rank == TW_NO_NAME);
    CHECK(tw_name_slip(pypi(), TW_S("\x01\xff\xfe\x80"), 5000, 1).rank == TW_NO_NAME);
}

/* --- signals ------------------------------------------------------------------------------------------- */
typedef struct setting {
    tw_arena *a;
    tw_package p;
    tw_findings f;
    tw_history h;
} setting;

static setting *with(const char *ecosystem, const char *name, const char *version)
{
    tw_arena *a = tw_arena_new(0);
    setting *s = TW_NEW(a, setting);
    s->a = a;
    tw_findings_init(&s->f, a, 0);
    s->p = (tw_package){.arena = a, .findings = &s->f, .name = tw_str_c(name), .version = tw_str_c(version)};
    s->p.about.member = TW_NO_MEMBER;
    for (size_t i = 0; i < tw_n_ecosystems; i++)
        if (!strcmp(tw_ecosystems[i]->name, ecosystem)) s->p.ecosystem = tw_ecosystems[i];
    return s;
}

static void url(setting *s, const char *text)
{
    TW_PUSH(s->a, s->p.about.urls, tw_str_c(text));
}

/* Ids of all signals in their order, joined by blanks. */
static void gives(setting *s, const char *want)
{
    tw_buf b = TW_BUF_INIT;
    tw_name_signals(&s->p, TW_S(""), &s->h, &s->f);
    for (uint32_t i = 0; i < s->f.list.n; i++)
        tw_buf_fmt(&b, "%s%s", i ? " " : "", tw_finding_info_of(s->f.list.v[i].id)->name);
    CHECK_STR(tw_buf_str(&b), tw_str_c(want));
    for (uint32_t i = 0; i < s->f.list.n; i++) {
        const tw_finding *x = &s->f.list.v[i];
        if (!strcmp(tw_finding_info_of(x->id)->kind, "name") && x->source.n) CHECK(x->date.n == 10);
    }
    tw_buf_free(&b);
    tw_arena_free(s->a);
}

TEST(a_near_name_alone)
{
    gives(with("pypi", "reqeusts", "1.0"), "name.near");
    gives(with("pypi", "requests", "1.0"), "");
    gives(with("pypi", "an-inert-name-of-ours", "1.0"), "");
    gives(with("pypi", "c0l0rama", "1.0"), "name.look-alike");
    gives(with("pypi", "scikit-learn-", "1.0"), "name.near name.same-letters");
    gives(with("npm", "types-node", "1.0.0"), "name.scope-dropped");
    gives(with("npm", "@someone/lodash", "1.0.0"), "");
    gives(with("pypi", "requests-utils", "1.0"), "name.combined");
    gives(with("npm", "lodash-helper", "1.0.0"), "name.combined");
    gives(with("pypi", "requestspro", "1.0"), "name.combined");
    gives(with("pypi", "pythonrequests", "1.0"), "name.combined");
    gives(with("pypi", "dateutil-python", "2.0"), "name.words-swapped");
}

TEST(likeness_makes_a_squat)
{
    setting *s = with("pypi", "reqeusts", "1.0");
    url(s, "https://github.com/psf/requests");
    gives(s, "name.near name.squat");
    s = with("pypi", "reqeusts", "1.0");
    s->p.about.text = TW_S("# Requests\n\n    $ python -m pip install -U 'requests[socks]>=2'\n");
    gives(s, "name.near name.squat about.installs-another");
    s = with("pypi", "reqeusts", "1.0"); /* it tells how to install itself too */
    s->p.about.text = TW_S("pip install requests\npip install reqeusts\n");
    gives(s, "name.near");
    s = with("pypi", "an-inert-name-of-ours", "1.0");
    s->p.about.summary = TW_S("HTTP library with thread-safe connection pooling, file post, and more.");
    gives(s, "about.description-copied");
    s = with("pypi", "an-inert-name-of-ours", "1.0");
    s->p.about.summary = TW_S("HTTP library with quite another purpose and nothing of that sort at all.");
    gives(s, "");
}

TEST(houses_have_several_packages)
{
    setting *s = with("pypi", "requests-core", "1.0");
    url(s, "https://github.com/psf/requests");
    s->p.about.text = TW_S("pip install requests\n");
    gives(s, "name.combined about.installs-another");
    s = with("pypi", "transmissionrpc", "1.0"); /* its own repository, spelt as it is */
    url(s, "https://github.com/inert-team/transmissionrpc");
    gives(s, "name.same-letters");
    s = with("pypi", "transmissionrpc", "1.0");
    url(s, "https://github.com/inert-team/transmission-rpc");
    gives(s, "name.near name.same-letters name.squat");
}

TEST(age_weighs)
{
    setting *s = with("pypi", "reqeusts", "1.0");
    s->h = (tw_history){TW_S("test"), TW_S("2026-11-22"), TW_S("2026-11-20"), TW_S(""), 1};
    gives(s, "name.near name.squat history.young");
    s = with("pypi", "reqeusts", "1.0"); /* old and settled: likeness alone is not enough */
    s->h = (tw_history){TW_S("test"), TW_S("2026-11-22"), TW_S("2016-11-20"), TW_S("0.9"), 40};
    url(s, "https://github.com/psf/requests");
    gives(s, "name.near");
    s = with("pypi", "reqeusts", "1.0"); /* unknown: neither */
    s->h = (tw_history){.source = TW_S("test"), .date = TW_S("2026-11-22"), .releases = 1};
    gives(s, "name.near");
}

TEST(versions)
{
    setting *s = with("pypi", "an-inert-name-of-ours", "99.0.1");
    gives(s, "version.high");
    gives(with("pypi", "an-inert-name-of-ours", "2024.1"), "");
    gives(with("pypi", "an-inert-name-of-ours", "20240101"), "");
    s = with("npm", "an-inert-name-of-ours", "99.0.1");
    TW_PUSH(s->a, s->p.roots, ((tw_root){0, TW_S(""), TW_TRIGGER_INSTALL, TW_S("x")}));
    gives(s, "version.high name.claimed");
    s = with("npm", "an-inert-name-of-ours", "99.0.1");
    s->h = (tw_history){TW_S("test"), TW_S("2026-11-22"), TW_S("2020-01-01"), TW_S("1.4.0"), 9};
    gives(s, "version.high version.jump");
    s = with("npm", "an-inert-name-of-ours", "1.4.9");
    s->h = (tw_history){TW_S("test"), TW_S("2026-11-22"), TW_S("2020-01-01"), TW_S("1.12.0"), 9};
    gives(s, "version.below-latest");
    s = with("npm", "an-inert-name-of-ours", "1.12.1");
    s->h = (tw_history){TW_S("test"), TW_S("2026-11-22"), TW_S("2020-01-01"), TW_S("1.12.0"), 9};
    gives(s, "");
}

TEST(claims)
{
    setting *s = with("pypi", "an-inert-name-of-ours", "1.0");
    TW_PUSH(s->a, s->p.about.mails, TW_S("Somebody <a.b@Sub.Mailinator.com>"));
    gives(s, "about.mail-disposable");
    s = with("pypi", "an-inert-name-of-ours", "1.0");
    TW_PUSH(s->a, s->p.about.mails, TW_S("x@team.example, y@notmailinator.example @ @@"));
    gives(s, "");
    s = with("pypi", "an-inert-name-of-ours", "1.0");
    url(s, "git+ssh://git@github.com:boto/boto3.git#main");
    gives(s, "about.repository-of-another");
    s = with("pypi", "boto3-inert", "1.0"); /* of the family */
    url(s, "https://github.com/boto/boto3");
    gives(s, "");
    s = with("npm", "an-inert-name-of-ours", "1.0.0");
    url(s, "https://github.com/username/an-inert-name-of-ours");
    gives(s, "about.repository-placeholder");
    gives(with("npm", "inert-internal-ui", "1.0.0"), "name.internal");
}

TEST(dependencies_from_elsewhere)
{
    static const struct {
        const char *spec, *want;
    } cases[] = {
        {"@ http://x.invalid/a.whl", "needs.plain-address"},
        {"https://x.invalid/a.tgz", "needs.address"},
        {"@ git+https://github.com/a/b@v1", "needs.repository"},
        {"github:a/b", "needs.repository"},
        {"https://github.com/a/b.git", "needs.repository"},
        {"https://github.com/a/b/releases/download/v1/c.tgz", "needs.address"},
        {">=1.0,<2", ""},
        {"^1.2.3", ""},
        {"", ""},
    };
    for (size_t i = 0; i < TW_COUNT(cases); i++) {
        setting *s = with("npm", "an-inert-name-of-ours", "1.0.0");
        TW_PUSH(s->a, s->p.needs, ((tw_dependency){TW_S("part"), tw_str_c(cases[i].spec), ""}));
        gives(s, cases[i].want);
    }
}

TEST(what_builds_it_from_elsewhere)
{
    setting *s = with("pypi", "an-inert-name-of-ours", "1.0");
    TW_PUSH(s->a, s->p.needs,
            ((tw_dependency){TW_S("part"), TW_S("@ git+https://github.com/a/b"), "build-system"}));
    gives(s, "needs.to-build");
}

TEST(what_the_registry_calls_it)
{
    static const struct {
        const char *purl;
        bool differs;
    } cases[] = {
        {"pkg:pypi/an-inert-name@1.0", false},
        {"pkg:pypi/An_Inert.Name@1.0", false},
        {"pkg:pypi/another-name@1.0", true},
        {"pkg:pypi/an-inert-name@2.0", true},
        {"pkg:pypi/an-inert-name", false},
        {"pkg:", false},
        {"", false},
    };
    for (size_t i = 0; i < TW_COUNT(cases); i++) {
        setting *s = with("pypi", "an-inert-name", "1.0");
        tw_name_signals(&s->p, tw_str_c(cases[i].purl), NULL, &s->f);
        CHECK_INT(s->f.per_id[TW_FIND_COPIES_DISAGREE], cases[i].differs);
        tw_arena_free(s->a);
    }
}

TEST(history_is_read_as_hostile)
{
    tw_arena *a = tw_arena_new(0);
    tw_history h;
    int64_t days = 0;
    tw_history_read(a,
                    TW_S("{\"source\":\"s\",\"date\":\"2026-11-22\",\"first_seen\":\"2026-01-01T00:00:00Z\","
                         "\"releases\":3}"),
                    &h);
    CHECK_STR(h.source, TW_S("s"));
    CHECK_INT(h.releases, 3);
    CHECK(tw_days_between(h.first_seen, h.date, &days));
    CHECK_INT(days, 325);
    static const char *const bad[] = {
        "", "[]", "{", "{\"releases\":-1}", "{\"releases\":\"3\"}", "{\"date\":7}", "null"};
    for (size_t i = 0; i < TW_COUNT(bad); i++) {
        tw_history_read(a, tw_str_c(bad[i]), &h);
        CHECK(!h.source.n && !h.date.n && !h.first_seen.n && !h.releases);
        CHECK_INT(tw_history_age(&h), 0);
    }
    CHECK(!tw_days_between(TW_S("2026-13-01"), TW_S("2026-11-22"), &days));
    CHECK(!tw_days_between(TW_S("yesterday!"), TW_S("2026-11-22"), &days));
    CHECK(tw_days_between(TW_S("2024-02-28"), TW_S("2024-03-01"), &days) && days == 2);
    tw_arena_free(a);
}

TEST(hostile_texts)
{
    char *text = malloc(1 << 20);
    for (size_t i = 0; i < 1 << 20; i++) text[i] = "pip install \xff\x00 x "[i % 17];
    setting *s = with("pypi", "reqeusts", "1.0");
    s->p.about.text = s->p.about.summary = (tw_str){text, 1 << 20};
    for (int i = 0; i < 64; i++) {
        TW_PUSH(s->a, s->p.about.urls, ((tw_str){text, 1 << 16}));
        TW_PUSH(s->a, s->p.about.mails, ((tw_str){text, 1 << 16}));
    }
    tw_name_signals(&s->p, TW_S("@@@///"), &s->h, &s->f);
    CHECK(s->f.list.n >= 1);
    tw_arena_free(s->a);
    free(text);
}

TESTS_MAIN()
