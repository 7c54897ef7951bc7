package dev.ermine.region;

import dev.ermine.fhir.Confidentiality;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Sources.Content;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.LocalDate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The tree of a file without fault, turned into values; what is left out gets its default here. */
final class RegionsBinding {

  private final Sources sources;

  RegionsBinding(Sources sources) {
    this.sources = sources;
  }

  Regions regions(Place root, Labelling labelling) {
    return new Regions(
        edition(root),
        gateway(root.member("gateway")),
        root.member("regions").members().stream().map(this::region).toList(),
        optional(root.member("demographics"), this::demographics),
        root.member("agreements").items().stream().map(RegionsBinding::agreement).toList(),
        root.member("denials").items().stream().map(RegionsBinding::denial).toList(),
        labelling);
  }

  private Edition edition(Place root) {
    return new Edition(
        root.member("serial").node().asInt(),
        sources.hash(),
        optional(root.member("valid"), RegionsBinding::period),
        root.member("files").there(),
        root.member("allow-mass-change").there(),
        Set.of(),
        Optional.empty());
  }

  private static Period period(Place valid) {
    return new Period(
        Measures.instant(valid.member("from").text()).orElseThrow(),
        Measures.instant(valid.member("until").text()).orElseThrow());
  }

  private static Regions.Gateway gateway(Place gateway) {
    return new Regions.Gateway(
        gateway.member("id").text(),
        organisation(gateway.member("organisation")),
        Measures.duration(gateway.member("deadline").text()));
  }

  private static Organisation organisation(Place organisation) {
    return new Organisation(organisation.member("ods").text(), organisation.member("name").text());
  }

  private Region region(Place region) {
    return new Region(
        new RegionId(region.key()),
        region.member("name").text(),
        organisation(region.member("organisation")),
        word(Region.Status.class, region.member("status").text()),
        optional(region.member("public"), Place::text),
        optional(region.member("asks"), this::asks),
        optional(region.member("answers"), this::answers),
        optional(region.member("consents"), this::consents),
        optional(region.member("privacy-office"), this::privacyOffice),
        new Region.Control(
            set(region.member("controllers"), Function.identity()),
            set(region.member("sources"), Function.identity())));
  }

  private Region demographics(Place demographics) {
    List<X509Certificate> anchors = certificates(demographics.member("anchors"));
    return new Region(
        RegionId.DEMOGRAPHICS,
        "Personal Demographics Service",
        new Organisation("X26", "NHS England"),
        Region.Status.ACTIVE,
        Optional.empty(),
        Optional.empty(),
        Optional.of(
            new Region.Answers(
                URI.create(demographics.member("base").text()),
                List.of(),
                anchors,
                optional(demographics.member("revocation"), it -> revocation(it, anchors)),
                token(demographics.member("token"), anchors),
                Region.Lookup.TWO_STEP,
                Region.Search.GET,
                true,
                false,
                Measures.duration(demographics.member("budget").text()),
                limits(demographics.member("limits")),
                Set.of("Patient"),
                wire(demographics),
                Optional.empty())));
  }

  private Region.Asks asks(Place asks) {
    return new Region.Asks(
        asks.member("issuer").text(),
        Algorithm.of(asks.member("algorithm").text()),
        asks.member("keys").items().stream().map(this::keySet).toList(),
        optional(asks.member("published"), this::published),
        asks.member("certificates").items().stream()
            .flatMap(it -> certificates(it.member("file").text()).stream())
            .toList(),
        optional(
            asks.member("revocation"), it -> revocation(it, certificates(it.member("issuers")))),
        asks.member("timings").node().asBoolean(false),
        set(asks.member("forwards"), RegionId::new));
  }

  private Region.Published published(Place published) {
    return new Region.Published(
        URI.create(published.member("url").text()),
        certificates(published.member("anchors")),
        Measures.span(published.member("stale").text("4h")));
  }

  private Region.Revocation revocation(Place revocation, List<X509Certificate> issuers) {
    return new Region.Revocation(
        issuers,
        revocation.member("crls").texts().stream().map(this::crl).toList(),
        optional(revocation.member("ocsp"), it -> URI.create(it.text())));
  }

  private Region.Revocation.Crl crl(String file) {
    return new Region.Revocation.Crl(
        file,
        RevocationLists.read(
                bytes(file),
                fault -> {
                  throw new IllegalStateException(fault);
                })
            .orElseThrow());
  }

  private Region.KeySet keySet(Place keys) {
    String file = keys.member("jwks").text();
    return new Region.KeySet(
        file,
        new String(bytes(file), StandardCharsets.UTF_8),
        word(Region.KeySet.KeyUse.class, keys.member("use").text()));
  }

  private Region.Answers answers(Place answers) {
    List<X509Certificate> anchors = certificates(answers.member("anchors"));
    return new Region.Answers(
        URI.create(answers.member("base").text()),
        answers.member("documents").texts().stream().map(URI::create).toList(),
        anchors,
        optional(answers.member("revocation"), it -> revocation(it, anchors)),
        token(answers.member("token"), anchors),
        word(Region.Lookup.class, answers.member("lookup").text("two-step")),
        word(Region.Search.class, answers.member("search").text("post")),
        answers.member("read").node().asBoolean(true),
        answers.member("sort").node().asBoolean(false),
        Measures.duration(answers.member("budget").text()),
        limits(answers.member("limits")),
        new LinkedHashSet<>(answers.member("types").texts()),
        wire(answers),
        optional(answers.member("gateway"), Place::text));
  }

  private ConsentSource consents(Place consents) {
    return new ConsentSource(
        word(ConsentSource.Order.class, consents.member("order").text("beside")),
        optional(consents.member("register"), this::register));
  }

  private Region.Answers register(Place register) {
    List<X509Certificate> anchors = certificates(register.member("anchors"));
    return new Region.Answers(
        URI.create(register.member("base").text()),
        List.of(),
        anchors,
        optional(register.member("revocation"), it -> revocation(it, anchors)),
        token(register.member("token"), anchors),
        word(Region.Lookup.class, register.member("lookup").text("identifier")),
        word(Region.Search.class, register.member("search").text("post")),
        false,
        false,
        Measures.duration(register.member("budget").text()),
        limits(register.member("limits")),
        Set.of("Consent"),
        wire(register),
        Optional.empty());
  }

  private PrivacyOffice privacyOffice(Place office) {
    return new PrivacyOffice(
        URI.create(office.member("webhook").text()), certificates(office.member("anchors")));
  }

  private Region.Token token(Place token, List<X509Certificate> anchors) {
    return new Region.Token(
        token.member("audience").text(),
        Algorithm.of(token.member("algorithm").text()),
        word(Region.Token.TokenUse.class, token.member("use").text("query")),
        optional(token.member("endpoint"), it -> endpoint(it, anchors)));
  }

  private Region.Token.Endpoint endpoint(Place endpoint, List<X509Certificate> anchors) {
    Place scopes = endpoint.member("scopes");
    return new Region.Token.Endpoint(
        URI.create(endpoint.member("url").text()),
        endpoint.member("client-id").text(),
        scopes.there() ? scopes.texts() : List.of("system/*.rs"),
        endpoint.member("anchors").there() ? certificates(endpoint.member("anchors")) : anchors,
        Measures.duration(endpoint.member("timeout").text("1s")));
  }

  private static Region.Limits limits(Place limits) {
    return new Region.Limits(
        limits.member("connections").node().asInt(32),
        Math.toIntExact(Measures.bytes(limits.member("bytes").text("8MB"))),
        limits.member("entries").node().asInt(2000),
        limits.member("pages").node().asInt(20),
        rate(limits.member("rate")),
        limits.member("queries").node().asInt(128),
        Measures.bytes(limits.member("document").text("256MB")),
        limits.member("documents").node().asInt(64));
  }

  private static List<Region.Quota> rate(Place rate) {
    List<String> quotas = rate.node().isArray() ? rate.texts() : List.of(rate.text("50/s"));
    return quotas.stream().map(Measures::quota).toList();
  }

  private static Region.Wire wire(Place server) {
    return new Region.Wire(
        Region.Wire.Protocol.of(server.member("protocol").text("http/1.1")),
        optional(server.member("connect"), it -> Measures.duration(it.text())),
        optional(server.member("first-byte"), it -> Measures.duration(it.text())));
  }

  private static Agreement agreement(Place agreement) {
    Place valid = agreement.member("valid");
    return new Agreement(
        agreement.member("id").text(),
        new RegionId(agreement.member("releases").text()),
        set(agreement.member("to"), RegionId::new),
        set(agreement.member("organisations"), Function.identity()),
        set(agreement.member("purposes"), PurposeOfUse::new),
        set(agreement.member("roles"), Function.identity()),
        set(agreement.member("types"), Function.identity()),
        relationship(agreement),
        optional(agreement.member("break-glass"), RegionsBinding::breakGlass),
        LocalDate.parse(valid.member("from").text()),
        LocalDate.parse(valid.member("until").text()),
        releaseTerms(agreement));
  }

  private static Agreement.Relationship relationship(Place agreement) {
    return new Agreement.Relationship(
        agreement.member("relationship").text().equals("required"),
        set(agreement.member("bases"), Function.identity()));
  }

  private static Agreement.BreakGlass breakGlass(Place terms) {
    Place stepUp = terms.member("step-up");
    return new Agreement.BreakGlass(
        set(terms.member("roles"), Function.identity()),
        new Agreement.StepUp(
            set(stepUp.member("acr"), Function.identity()),
            Measures.span(stepUp.member("max-age").text("15m"))),
        optional(terms.member("ceiling"), RegionsBinding::ceiling));
  }

  private static ReleaseTerms releaseTerms(Place agreement) {
    Place telling = agreement.member("withheld");
    return new ReleaseTerms(
        word(
            ReleaseTerms.ImplicitConsent.class,
            agreement.member("implicit-consent").text("basic-normal")),
        optional(agreement.member("ceiling"), RegionsBinding::ceiling)
            .orElse(ReleaseTerms.Ceiling.NORMAL),
        set(agreement.member("law"), it -> word(ReleaseTerms.LegalGroup.class, it)),
        agreement.member("restricted-patients").text("withhold").equals("permit"),
        set(agreement.member("release-ready"), Function.identity()),
        new ReleaseTerms.Telling(
            telling.member("objections").text("say").equals("say"),
            telling.member("labels").text("silent").equals("say"),
            telling.member("law").text("silent").equals("say")),
        optional(agreement.member("notice"), Place::text));
  }

  private static ReleaseTerms.Ceiling ceiling(Place ceiling) {
    return new ReleaseTerms.Ceiling(
        Confidentiality.valueOf(ceiling.member("confidentiality").text("N")),
        set(ceiling.member("without"), Function.identity()),
        ceiling.member("unlabelled-documents").text("withhold").equals("permit"));
  }

  private static Denial denial(Place denial) {
    Place valid = denial.member("valid");
    return new Denial(
        denial.member("id").text(),
        set(denial.member("releases"), RegionId::new),
        set(denial.member("to"), RegionId::new),
        set(denial.member("organisations"), Function.identity()),
        set(denial.member("purposes"), PurposeOfUse::new),
        set(denial.member("roles"), Function.identity()),
        set(denial.member("types"), Function.identity()),
        LocalDate.parse(valid.member("from").text()),
        optional(valid.member("until"), until -> LocalDate.parse(until.text())));
  }

  /** The certificates of a list of files. */
  private List<X509Certificate> certificates(Place files) {
    return files.texts().stream().flatMap(file -> certificates(file).stream()).toList();
  }

  private List<X509Certificate> certificates(String file) {
    return Certificates.read(
        bytes(file),
        fault -> {
          throw new IllegalStateException(fault);
        });
  }

  private byte[] bytes(String file) {
    return switch (sources.named(file)) {
      case Content.Read read -> read.bytes();
      case Content.Unreadable(String why) -> throw new IllegalStateException(why);
    };
  }

  private static <T> Optional<T> optional(Place place, Function<Place, T> as) {
    return place.there() ? Optional.of(as.apply(place)) : Optional.empty();
  }

  private static <T> Set<T> set(Place list, Function<String, T> as) {
    return list.texts().stream().map(as).collect(Collectors.toUnmodifiableSet());
  }

  /** The constant that the file spells in lower case and with hyphens. */
  private static <E extends Enum<E>> E word(Class<E> type, String text) {
    return Enum.valueOf(type, text.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
