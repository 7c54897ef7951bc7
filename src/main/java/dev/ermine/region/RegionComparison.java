package dev.ermine.region;

import dev.ermine.region.Change.Effect;
import dev.ermine.region.Region.Answers;
import dev.ermine.region.Region.Asks;
import dev.ermine.region.Region.KeySet.KeyUse;
import dev.ermine.region.Region.Published;
import dev.ermine.region.Region.Revocation;
import dev.ermine.region.Region.Token.Endpoint;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The declarations of one region in two versions, either of which may lack it. */
final class RegionComparison {

  private final String path;
  private final Changes changes;

  RegionComparison(String path, Changes changes) {
    this.path = path;
    this.changes = changes;
  }

  void compare(Optional<Region> before, Optional<Region> after) {
    if (before.isPresent() && after.isPresent()) {
      compareStanding(before.get(), after.get());
    }
    compareAsks(before.flatMap(Region::asks), after.flatMap(Region::asks));
    compareAnswers(before.flatMap(Region::answers), after.flatMap(Region::answers));
    compareConsents(before.flatMap(Region::consents), after.flatMap(Region::consents));
    comparePrivacyOffice(
        before.flatMap(Region::privacyOffice), after.flatMap(Region::privacyOffice));
  }

  private void compareStanding(Region before, Region after) {
    changes.compare(path + ".name", before.name(), after.name());
    changes.compare(
        path + ".public",
        before.publicText().stream().toList(),
        after.publicText().stream().toList());
    Effect effect =
        before.active() == after.active()
            ? Effect.CHANGES
            : after.active() ? Effect.WIDENS : Effect.NARROWS;
    changes.compare(effect, path + ".status", before.status(), after.status());
    if (before.asks().isPresent() != after.asks().isPresent()) {
      tell(path + ".asks", after.asks().isPresent());
    }
    if (before.answers().isPresent() != after.answers().isPresent()) {
      tell(path + ".answers", after.answers().isPresent());
    }
    tellSources(before.consents(), after.consents());
    compareControl(before.control(), after.control());
  }

  /**
   * What a region is said to control is disclosed under its terms besides those of whoever relays
   * it: where it is named no more, the relay's alone are left.
   */
  private void compareControl(Region.Control before, Region.Control after) {
    changes.compareWithheld(
        path + ".controllers", codes(before.organisations()), codes(after.organisations()));
    changes.compareWithheld(path + ".sources", codes(before.sources()), codes(after.sources()));
  }

  private static List<String> codes(Set<String> codes) {
    return codes.stream().sorted().map(code -> "`" + code + "`").toList();
  }

  /** Who objected in a place that is not looked into any more has objected in vain. */
  private void tellSources(Optional<ConsentSource> before, Optional<ConsentSource> after) {
    if (before.isEmpty() && after.isPresent()) {
      changes.add(Effect.NARROWS, path + ".consents", "is new");
    } else if (before.isPresent() && after.isEmpty()) {
      changes.add(Effect.WIDENS, path + ".consents", "is taken out");
    } else if (isRegister(before) != isRegister(after)) {
      changes.add(
          Effect.WIDENS,
          path + ".consents.register",
          isRegister(after)
              ? "is new, and Consents in its own record count no more"
              : "is taken out, and Consents in its own record count instead");
    }
  }

  private static boolean isRegister(Optional<ConsentSource> source) {
    return source.flatMap(ConsentSource::register).isPresent();
  }

  private void tell(String at, boolean isNew) {
    changes.add(isNew ? Effect.WIDENS : Effect.NARROWS, at, isNew ? "is new" : "is taken out");
  }

  private void compareAsks(Optional<Asks> before, Optional<Asks> after) {
    String asks = path + ".asks.";
    compareKeys(
        asks + "keys",
        uses(before.map(Asks::keys).orElse(List.of())),
        uses(after.map(Asks::keys).orElse(List.of())));
    changes.compareAll(
        asks + "certificates",
        shown(before.map(Asks::certificates)),
        shown(after.map(Asks::certificates)));
    compareRevocation(
        asks + "revocation", before.flatMap(Asks::revocation), after.flatMap(Asks::revocation));
    changes.compareAll(
        asks + "revocation.issuers",
        shown(before.flatMap(Asks::revocation).map(Revocation::issuers)),
        shown(after.flatMap(Asks::revocation).map(Revocation::issuers)));
    comparePublished(
        asks + "published", before.flatMap(Asks::published), after.flatMap(Asks::published));
    if (before.isPresent() && after.isPresent()) {
      changes.compare(asks + "issuer", before.get().issuer(), after.get().issuer());
      changes.compare(asks + "algorithm", before.get().algorithm(), after.get().algorithm());
      changes.compare(asks + "timings", before.get().timings(), after.get().timings());
    }
    compareForwards(asks + "forwards", forwards(before), forwards(after));
  }

  private static Set<RegionId> forwards(Optional<Asks> asks) {
    return new TreeSet<>(asks.map(Asks::forwards).orElse(Set.of()));
  }

  /** Who may hand on a question may ask it, as far as the originator may. */
  private void compareForwards(String at, Set<RegionId> before, Set<RegionId> after) {
    for (RegionId each : after) {
      if (!before.contains(each)) {
        changes.add(Effect.WIDENS, at, "it may hand on questions of `" + each + "`");
      }
    }
    for (RegionId each : before) {
      if (!after.contains(each)) {
        changes.add(Effect.NARROWS, at, "it may hand on questions of `" + each + "` no longer");
      }
    }
  }

  /** Whoever answers at the address says which keys prove the region. */
  private void comparePublished(String at, Optional<Published> before, Optional<Published> after) {
    changes.compareAll(
        at + ".url",
        texts(before.map(it -> List.of(it.url()))),
        texts(after.map(it -> List.of(it.url()))));
    changes.compareAll(
        at + ".anchors",
        shown(before.map(Published::anchors)),
        shown(after.map(Published::anchors)));
    if (before.isPresent() && after.isPresent()) {
      compareLength(at + ".stale", before.get().stale(), after.get().stale());
    }
  }

  /** The longer a key that has been taken away is believed, the wider. */
  private void compareLength(String at, Duration before, Duration after) {
    Effect effect = after.compareTo(before) > 0 ? Effect.WIDENS : Effect.NARROWS;
    changes.compare(effect, at, before, after);
  }

  /** The use of each key; that it is revoked prevails, then that it verifies. */
  private static Map<String, KeyUse> uses(List<Region.KeySet> sets) {
    Map<String, KeyUse> uses = new TreeMap<>();
    for (Region.KeySet set : sets) {
      for (Jwk key : PublicKeys.of(set)) {
        uses.merge(PublicKeys.shown(key), set.use(), RegionComparison::prevailing);
      }
    }
    return uses;
  }

  private static KeyUse prevailing(KeyUse one, KeyUse other) {
    if (one == KeyUse.REVOKED || other == KeyUse.REVOKED) {
      return KeyUse.REVOKED;
    }
    return one.verifies() ? one : other;
  }

  private void compareKeys(String at, Map<String, KeyUse> before, Map<String, KeyUse> after) {
    Set<String> keys = new LinkedHashSet<>(before.keySet());
    keys.addAll(after.keySet());
    for (String key : keys) {
      Optional<KeyUse> old = Optional.ofNullable(before.get(key));
      Optional<KeyUse> now = Optional.ofNullable(after.get(key));
      if (!old.equals(now)) {
        String was = old.map(use -> "was `" + Changes.word(use) + "`").orElse("is new");
        String is = now.map(use -> "is `" + Changes.word(use) + "`").orElse("is taken out");
        changes.add(effect(old, now), at, "key %s %s, %s".formatted(key, was, is));
      }
    }
  }

  private static Effect effect(Optional<KeyUse> old, Optional<KeyUse> now) {
    boolean verified = old.filter(KeyUse::verifies).isPresent();
    boolean verifies = now.filter(KeyUse::verifies).isPresent();
    if (verified == verifies) {
      return Effect.CHANGES;
    }
    return verifies ? Effect.WIDENS : Effect.NARROWS;
  }

  /** To want nothing to be known of it any more lets in those who are revoked. */
  private void compareRevocation(
      String at, Optional<Revocation> before, Optional<Revocation> after) {
    if (before.isPresent() != after.isPresent()) {
      changes.add(
          after.isPresent() ? Effect.NARROWS : Effect.WIDENS,
          at,
          after.isPresent() ? "is new" : "is taken out");
    }
    changes.compareAll(at + ".crls", lists(before), lists(after));
    changes.compareAll(
        at + ".ocsp",
        texts(before.map(it -> it.ocsp().stream().toList())),
        texts(after.map(it -> it.ocsp().stream().toList())));
  }

  private static List<String> lists(Optional<Revocation> revocation) {
    return revocation.stream()
        .flatMap(it -> it.crls().stream())
        .map(
            crl ->
                "`%s` of %s until %s"
                    .formatted(
                        crl.file(),
                        crl.list().getThisUpdate().toInstant(),
                        crl.list().getNextUpdate().toInstant()))
        .toList();
  }

  private void compareAnswers(Optional<Answers> before, Optional<Answers> after) {
    compareServer(path + ".answers.", before, after);
    changes.compareAll(
        path + ".answers.types",
        before.map(Answers::types).orElse(Set.of()),
        after.map(Answers::types).orElse(Set.of()));
  }

  private void compareConsents(Optional<ConsentSource> before, Optional<ConsentSource> after) {
    String consents = path + ".consents.";
    if (before.isPresent() && after.isPresent()) {
      changes.compare(consents + "order", before.get().order(), after.get().order());
    }
    compareServer(
        consents + "register.",
        before.flatMap(ConsentSource::register),
        after.flatMap(ConsentSource::register));
  }

  private void comparePrivacyOffice(Optional<PrivacyOffice> before, Optional<PrivacyOffice> after) {
    String office = path + ".privacy-office.";
    changes.compareAll(
        office + "webhook",
        texts(before.map(it -> List.of(it.webhook()))),
        texts(after.map(it -> List.of(it.webhook()))));
    changes.compareAll(
        office + "anchors",
        shown(before.map(PrivacyOffice::anchors)),
        shown(after.map(PrivacyOffice::anchors)));
  }

  /** The declarations of one FHIR server that is asked, whose members stand under that path. */
  void compareServer(String answers, Optional<Answers> before, Optional<Answers> after) {
    changes.compareAll(
        answers + "anchors",
        shown(before.map(Answers::anchors)),
        shown(after.map(Answers::anchors)));
    compareRevocation(
        answers + "revocation",
        before.flatMap(Answers::revocation),
        after.flatMap(Answers::revocation));
    changes.compareAll(
        answers + "base",
        texts(before.map(it -> List.of(it.base()))),
        texts(after.map(it -> List.of(it.base()))));
    changes.compareAll(
        answers + "documents",
        texts(before.map(Answers::documents)),
        texts(after.map(Answers::documents)));
    compareEndpoint(
        answers + "token.endpoint",
        before.flatMap(it -> it.token().endpoint()),
        after.flatMap(it -> it.token().endpoint()));
    if (before.isPresent() && after.isPresent()) {
      compareManners(answers, before.get(), after.get());
    }
  }

  /** Whoever answers at the address is told who asks, for whom and about whom. */
  private void compareEndpoint(String at, Optional<Endpoint> before, Optional<Endpoint> after) {
    changes.compareAll(
        at + ".url",
        texts(before.map(it -> List.of(it.url()))),
        texts(after.map(it -> List.of(it.url()))));
    changes.compareAll(
        at + ".anchors", shown(before.map(Endpoint::anchors)), shown(after.map(Endpoint::anchors)));
    changes.compareAll(at + ".scopes", scopes(before), scopes(after));
    if (before.isPresent() && after.isPresent()) {
      changes.compare(at + ".client-id", before.get().clientId(), after.get().clientId());
      changes.compare(at + ".timeout", before.get().timeout(), after.get().timeout());
    }
  }

  private static List<String> scopes(Optional<Endpoint> endpoint) {
    return endpoint.stream()
        .flatMap(it -> it.scopes().stream())
        .map(scope -> "`" + scope + "`")
        .toList();
  }

  private void compareManners(String answers, Answers before, Answers after) {
    Region.Token old = before.token();
    Region.Token now = after.token();
    changes.compare(answers + "token.audience", old.audience(), now.audience());
    changes.compare(answers + "token.algorithm", old.algorithm(), now.algorithm());
    changes.compare(answers + "token.use", old.use(), now.use());
    changes.compare(answers + "lookup", before.lookup(), after.lookup());
    changes.compare(answers + "search", before.search(), after.search());
    changes.compare(answers + "read", before.read(), after.read());
    changes.compare(answers + "sort", before.sort(), after.sort());
    changes.compare(answers + "budget", before.budget(), after.budget());
    changes.compare(answers + "gateway", before.gateway(), after.gateway());
    compareWire(answers, before.wire(), after.wire());
    compareLimits(answers + "limits.", before.limits(), after.limits());
  }

  private void compareWire(String answers, Region.Wire before, Region.Wire after) {
    changes.compare(answers + "protocol", before.protocol(), after.protocol());
    changes.compare(answers + "connect", before.connect(), after.connect());
    changes.compare(answers + "first-byte", before.firstByte(), after.firstByte());
  }

  private void compareLimits(String limits, Region.Limits before, Region.Limits after) {
    changes.compare(limits + "connections", before.connections(), after.connections());
    changes.compare(limits + "bytes", before.bytes(), after.bytes());
    changes.compare(limits + "entries", before.entries(), after.entries());
    changes.compare(limits + "pages", before.pages(), after.pages());
    changes.compare(limits + "rate", before.rate(), after.rate());
    changes.compare(limits + "queries", before.queries(), after.queries());
    changes.compare(limits + "document", before.document(), after.document());
    changes.compare(limits + "documents", before.documents(), after.documents());
  }

  private static List<String> shown(Optional<List<X509Certificate>> certificates) {
    return certificates.stream().flatMap(Collection::stream).map(PublicKeys::shown).toList();
  }

  private static List<String> texts(Optional<? extends Collection<?>> values) {
    return values.stream().flatMap(Collection::stream).map(it -> "`" + it + "`").toList();
  }
}
