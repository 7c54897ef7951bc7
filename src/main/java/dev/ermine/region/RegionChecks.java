package dev.ermine.region;

import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Sources.Content;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a schema cannot say of regions: that files are there and hold what they should, that
 * addresses may be called, and that no two regions can be taken for each other.
 */
final class RegionChecks {

  private static final long MOST_BYTES = 2_000_000_000;

  private final Sources sources;
  private final Stage stage;
  private final Faults faults;
  private final Map<Object, String> owners = new HashMap<>();

  RegionChecks(Sources sources, Stage stage, Faults faults) {
    this.sources = sources;
    this.stage = stage;
    this.faults = faults;
  }

  void check(Place root) {
    Optional<Duration> deadline =
        sound(root.member("gateway").member("deadline")).map(Measures::duration);
    for (Place region : root.member("regions").members()) {
      checkId(region);
      checkStatus(region);
      checkAsks(region.key(), region.member("asks"));
      checkAnswers(region.member("answers"), deadline);
      checkConsents(region, deadline);
      checkPrivacyOffice(region.member("privacy-office"));
      checkControl(root.member("regions"), region);
      checkForwards(root.member("regions"), region);
      checkGateway(root.member("gateway").member("id"), region);
    }
    checkServer(root.member("demographics"), deadline);
    bytes(root.member("labelling"));
  }

  /** Logs, metrics and audit tell one from the other by it. */
  private void checkId(Place region) {
    if (region.key().equals(RegionId.DEMOGRAPHICS.value())) {
      faults.add(region, "has the id that `demographics` goes by; give the region another");
    }
  }

  private void checkStatus(Place region) {
    Place said = region.member("public");
    if (region.member("status").text().equals("suspended") && !said.there()) {
      faults.add(said, "is missing: what callers are told while the region is suspended");
    }
    boolean idle = !region.member("asks").there() && !region.member("answers").there();
    if (idle && !faults.told(region.at())) {
      faults.add(region, "neither asks nor answers; add `asks` or `answers`");
    }
  }

  private void checkAsks(String region, Place asks) {
    Place issuer = asks.member("issuer");
    sound(issuer).ifPresent(it -> own(region, it, issuer, "is the issuer"));
    Optional<Algorithm> algorithm = sound(asks.member("algorithm")).map(Algorithm::of);
    Set<String> kids = new HashSet<>();
    for (Place keys : asks.member("keys").items()) {
      checkKeys(region, keys.member("jwks"), algorithm, kids);
    }
    checkPublished(asks);
    for (Place certificate : asks.member("certificates").items()) {
      Place file = certificate.member("file");
      certificates(file).forEach(it -> own(region, it, file, "holds a certificate"));
    }
    Place revocation = asks.member("revocation");
    checkRevocation(revocation, revocation.member("issuers").items());
  }

  private void checkPublished(Place asks) {
    Place published = asks.member("published");
    if (asks.there() && !published.there() && !asks.member("keys").there()) {
      faults.add(asks.member("keys"), "is missing; give key files, or where they are `published`");
    }
    checkAddress(published.member("url"));
    published.member("anchors").items().forEach(this::certificates);
  }

  /** That it is known in one way, and that each list is signed by one of the issuers. */
  private void checkRevocation(Place revocation, List<Place> issuers) {
    if (!revocation.there()) {
      return;
    }
    Place crls = revocation.member("crls");
    Place ocsp = revocation.member("ocsp");
    if (crls.there() == ocsp.there() && !faults.told(revocation.at())) {
      faults.add(revocation, "needs either `crls` or `ocsp`");
    }
    sound(ocsp).flatMap(BaseAddress::faultOfResponder).ifPresent(fault -> faults.add(ocsp, fault));
    List<X509Certificate> signers =
        issuers.stream().flatMap(file -> certificates(file).stream()).toList();
    for (Place file : crls.items()) {
      bytes(file)
          .flatMap(der -> RevocationLists.read(der, fault -> faults.add(file, named(file, fault))))
          .filter(list -> !isSigned(list, signers))
          .ifPresent(
              _ -> faults.add(file, named(file, "holds a list that none of the issuers signed")));
    }
  }

  private static boolean isSigned(X509CRL list, List<X509Certificate> signers) {
    return signers.stream().anyMatch(signer -> isSigned(list, signer));
  }

  private static boolean isSigned(X509CRL list, X509Certificate signer) {
    try {
      list.verify(signer.getPublicKey());
      return list.getIssuerX500Principal().equals(signer.getSubjectX500Principal());
    } catch (GeneralSecurityException e) {
      return false; // another signer's
    }
  }

  private void checkKeys(
      String region, Place file, Optional<Algorithm> algorithm, Set<String> kids) {
    List<Jwk> keys =
        bytes(file)
            .map(json -> JwkSet.read(json, fault -> faults.add(file, named(file, fault))).keys())
            .orElse(List.of());
    for (Jwk key : keys) {
      own(region, key.material(), file, "holds a key");
      if (!kids.add(key.kid())) {
        faults.add(file, named(file, "holds a `kid` that the region has already"));
      }
    }
    if (keys.stream().anyMatch(key -> stage.refuses(key.kid()))) {
      faults.add(file, named(file, Stage.FAULT));
    }
    algorithm
        .filter(it -> !keys.isEmpty() && keys.stream().noneMatch(key -> key.fits(it)))
        .ifPresent(it -> faults.add(file, named(file, "holds no key that fits `" + it + "`")));
  }

  private void checkAnswers(Place answers, Optional<Duration> deadline) {
    answers.member("documents").items().forEach(this::checkAddress);
    checkServer(answers, deadline);
  }

  /** A FHIR server that the gateway asks: a region's record, its register, or demographics. */
  private void checkServer(Place answers, Optional<Duration> deadline) {
    checkAddress(answers.member("base"));
    answers.member("anchors").items().forEach(this::certificates);
    checkRevocation(answers.member("revocation"), answers.member("anchors").items());
    checkTokenEndpoint(answers.member("token"));
    Place budget = answers.member("budget");
    sound(budget)
        .map(Measures::duration)
        .filter(it -> deadline.isPresent() && it.compareTo(deadline.get()) > 0)
        .ifPresent(_ -> faults.add(budget, "is longer than the gateway's `deadline`"));
    checkWithin(budget, answers.member("connect"));
    checkWithin(budget, answers.member("first-byte"));
    Place bytes = answers.member("limits").member("bytes");
    sound(bytes)
        .filter(it -> Measures.bytes(it) > MOST_BYTES)
        .ifPresent(_ -> faults.add(bytes, "is more than 2000MB"));
  }

  /** One that the budget always cuts short would never be told of as what it is. */
  private void checkWithin(Place budget, Place part) {
    Optional<Duration> all = sound(budget).map(Measures::duration);
    sound(part)
        .map(Measures::duration)
        .filter(it -> all.isPresent() && it.compareTo(all.get()) > 0)
        .ifPresent(_ -> faults.add(part, "is longer than the `budget`"));
  }

  private void checkTokenEndpoint(Place token) {
    Place endpoint = token.member("endpoint");
    checkAddress(endpoint.member("url"));
    endpoint.member("anchors").items().forEach(this::certificates);
    Place use = token.member("use");
    if (endpoint.there() && use.text().equals("request") && !faults.told(use.at())) {
      faults.add(use, "is `request`, but a token of an `endpoint` serves `query` or `context`");
    }
  }

  /** A region that answers nobody may have a register: what it says keeps others' entries back. */
  private void checkConsents(Place region, Optional<Duration> deadline) {
    Place consents = region.member("consents");
    Place answers = region.member("answers");
    Place register = consents.member("register");
    if (register.there()) {
      checkServer(register, deadline);
      checkOwnBase(register.member("base"), answers);
    } else if (consents.there() && !answers.there() && !faults.told(consents.at())) {
      faults.add(
          register, "is missing: the region has no `answers`, and so no record with Consents");
    }
  }

  /** The record would be asked twice, and a token for the one would be good for the other. */
  private void checkOwnBase(Place base, Place answers) {
    sound(base)
        .filter(it -> it.equals(answers.member("base").text()))
        .ifPresent(
            _ -> faults.add(base, "is the record's own base; leave `register` out for that"));
  }

  private void checkPrivacyOffice(Place office) {
    checkAddress(office.member("webhook"));
    office.member("anchors").items().forEach(this::certificates);
  }

  /** A record is one region's: whose terms hold for it must not be open. */
  private void checkControl(Place regions, Place region) {
    for (Place code : region.member("controllers").items()) {
      sound(code).ifPresent(it -> own(region.key(), new Controller(it), code, "is a controller"));
      regions.members().stream()
          .filter(other -> !other.key().equals(region.key()))
          .filter(other -> other.member("organisation").member("ods").text().equals(code.text()))
          .forEach(
              other ->
                  faults.add(
                      code, "is the organisation of " + Faults.shown(other.key()) + " itself"));
    }
    for (Place source : region.member("sources").items()) {
      sound(source).ifPresent(it -> own(region.key(), new Source(it), source, "is a source"));
    }
  }

  /** Whose questions it may hand on: of others alone, that may ask. */
  private void checkForwards(Place regions, Place region) {
    for (Place forwarded : region.member("asks").member("forwards").items()) {
      Optional<String> id = sound(forwarded);
      if (id.filter(region.key()::equals).isPresent()) {
        faults.add(forwarded, "is the region itself, which asks for itself anyway; take it out");
      } else if (id.filter(it -> !regions.member(it).there()).isPresent()) {
        faults.add(forwarded, "is no region; name one of the file");
      } else if (id.filter(it -> !regions.member(it).member("asks").there()).isPresent()) {
        faults.add(forwarded, "has no `asks`, so that none of its questions can be handed on");
      }
    }
  }

  /** A region that is a gateway itself is told apart by its id, and asked as gateways can be. */
  private void checkGateway(Place own, Place region) {
    Place answers = region.member("answers");
    Place gateway = answers.member("gateway");
    if (!gateway.there()) {
      return;
    }
    sound(gateway)
        .filter(own.text()::equals)
        .ifPresent(_ -> faults.add(gateway, "is this gateway's own id; name the other's"));
    sound(gateway).ifPresent(id -> own(region.key(), new GatewayId(id), gateway, "is the gateway"));
    checkGatewayUse(answers.member("token"));
    refuse(
        answers.member("lookup"),
        "two-step",
        "two-step",
        "is `two-step`, but a gateway finds a patient by NHS number alone; write `chained`");
    refuse(
        answers.member("read"),
        "true",
        "true",
        "is `true`, but a gateway reads nothing at its own base; write `false`");
  }

  /** What we sign is good for one request there; what it grants, for the time of one query. */
  private void checkGatewayUse(Place token) {
    Place use = token.member("use");
    refuse(
        use,
        "context",
        "query",
        "is `context`, but a gateway is told how long one query still waits; write `request`, or"
            + " `query` with an `endpoint`");
    if (!token.member("endpoint").there()) {
      refuse(
          use,
          "query",
          "query",
          "is `query`, but a gateway takes what we sign for one request alone; write `request`, or"
              + " give it an `endpoint`");
    }
  }

  private void refuse(Place place, String word, String byDefault, String fault) {
    if (!faults.told(place.at()) && place.text(byDefault).equals(word)) {
      faults.add(place, fault);
    }
  }

  /** A gateway, by its id in {@code hops}. */
  private record GatewayId(String id) {}

  /** An organisation whose records a region controls. */
  private record Controller(String ods) {}

  /** A system whose records a region controls. */
  private record Source(String id) {}

  private void checkAddress(Place base) {
    sound(base).flatMap(BaseAddress::fault).ifPresent(fault -> faults.add(base, fault));
  }

  private List<X509Certificate> certificates(Place file) {
    List<X509Certificate> certificates =
        bytes(file)
            .map(pem -> Certificates.read(pem, fault -> faults.add(file, named(file, fault))))
            .orElse(List.of());
    if (certificates.stream().anyMatch(stage::refuses)) {
      faults.add(file, named(file, Stage.FAULT));
    }
    return certificates;
  }

  /** The bytes of the file named there, unless it cannot be read or holds a private key. */
  private Optional<byte[]> bytes(Place file) {
    return sound(file).map(sources::named).flatMap(content -> bytes(file, content));
  }

  private Optional<byte[]> bytes(Place file, Content content) {
    return switch (content) {
      case Content.Unreadable(String why) -> {
        faults.add(file, named(file, why));
        yield Optional.empty();
      }
      case Content.Read read when !Secrets.lines(read.latin1()).isEmpty() -> {
        faults.add(file, named(file, Secrets.FAULT));
        yield Optional.empty();
      }
      case Content.Read read -> Optional.of(read.bytes());
    };
  }

  /** Notes that the thing is that region's; a second region's is a fault. */
  private void own(String region, Object thing, Place place, String what) {
    String owner = owners.putIfAbsent(thing, region);
    if (owner != null && !owner.equals(region)) {
      faults.add(place, what + " of " + Faults.shown(owner) + " too; each region has its own");
    }
  }

  private static String named(Place file, String fault) {
    return Faults.shown(file.text()) + " " + fault;
  }

  /** The text of a value that the schema found no fault with. */
  private Optional<String> sound(Place place) {
    return place.isText() && !faults.told(place.at())
        ? Optional.of(place.text())
        : Optional.empty();
  }
}
