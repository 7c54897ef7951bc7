package dev.ermine.federation;

import static dev.ermine.testing.Given.ADA;
import static dev.ermine.testing.Given.NOON;
import static dev.ermine.testing.Given.region;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.federation.FederatedAnswer.Found;
import dev.ermine.federation.FederatedAnswer.View;
import dev.ermine.fhir.Confidentiality;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.FhirQuery;
import dev.ermine.fhir.ResultParameters;
import dev.ermine.fhir.Slice;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Gap;
import dev.ermine.merge.PeerAnswer.TypeAnswer;
import dev.ermine.merge.document.OpenDocument;
import dev.ermine.policy.EntryDecision.Reason;
import dev.ermine.policy.OptOuts;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.testing.Given;
import dev.ermine.testing.PageRing;
import dev.ermine.testing.SelfSigned;
import dev.ermine.testing.UnreadAudit;
import dev.ermine.trust.PageTokens;
import dev.ermine.trust.Thumbprints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The law that silent is absent: a record with what is silently withheld, and the same record
 * without it, are answered alike. What that is, is worked out here once more, naively.
 */
class SilenceLawTest {

  private static final int WORLDS = 200;
  private static final List<String> TYPES =
      List.of("Observation", "DiagnosticReport", "List", "DocumentReference", "Medication");
  private static final List<String> INCLUDED = List.of("Medication", "Observation", "Binary");
  private static final List<String> ASKED =
      List.of("Observation", "DiagnosticReport", "List", "DocumentReference");

  private static final X509Certificate CERTIFICATE =
      SelfSigned.certificate(NOON.minusSeconds(60), NOON.plusSeconds(3600));
  private static final Region LONDON = Given.controlling(region("london"), "QMJ");

  /** It has no agreement with anybody. */
  private static final Region WESSEX = Given.controlling(region("wessex"), "QRL", "RHM");

  private static final Discretion.Rules RULES =
      (asker, requester, recorded, at) ->
          (release, held) ->
              new Given.FixedPolicy(
                  false,
                  Optional.empty(),
                  entry -> isLabelled(entry) ? Optional.of(Reason.LABEL) : Optional.empty(),
                  Set.of(Reason.OBJECTION));

  /**
   * An entry of a generated record.
   *
   * @param targets {@code Type/id} of what it refers to, or points to
   * @param relayed whether it is another region's, whose terms keep it
   */
  private record Thing(
      String type,
      String id,
      List<String> targets,
      boolean labelled,
      boolean relayed,
      boolean include) {

    boolean kept() {
      return labelled || relayed;
    }

    String name() {
      return type + "/" + id;
    }

    Entry entry() {
      String subject = type.equals("Medication") || type.equals("Binary") ? "" : SUBJECT;
      String json =
          "{\"resourceType\":\"%s\",\"id\":\"%s\"%s%s%s}"
              .formatted(
                  type, id, relayed ? TAG : "", subject, targets.isEmpty() ? "" : "," + body());
      Entry entry =
          Given.entries(
                  "{\"resource\":%s,\"search\":{\"mode\":\"%s\"}}"
                      .formatted(json, include ? "include" : "match"))
              .getFirst();
      return labelled ? Given.labelled(entry, Confidentiality.R) : entry;
    }

    private String body() {
      return switch (type) {
        case "List" -> "\"entry\":[" + each("{\"item\":{\"reference\":\"%s\"}}") + "]";
        case "DocumentReference" ->
            "\"content\":[" + each("{\"attachment\":{\"url\":\"%s\"}}") + "]";
        default -> "\"result\":[" + each("{\"reference\":\"%s\"}") + "]";
      };
    }

    private String each(String form) {
      return String.join(",", targets.stream().map(form::formatted).toList());
    }
  }

  private static final PageTokens TOKENS = PageRing.tokens();
  private static final Pattern LINK = Pattern.compile("_page_token=([^\"]*)");
  private static final Pattern NEXT =
      Pattern.compile("\"next\",\"url\":\"[^\"]*_page_token=([^\"]*)\"");

  private static final String TAG =
      ",\"meta\":{\"tag\":[{\"system\":\"https://fhir.interweavedigital.nhs.uk/Provenance\",\"code\":\"RHM\"}]}";

  private static final String SUBJECT = ",\"subject\":{\"reference\":\"Patient/p1\"}";

  @Test
  void searchesCountsAndIncludesAreAlike() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int silent = 0;
    for (int world = 0; world < WORLDS; world++) {
      List<Thing> all = things(random);
      List<Thing> rest = without(all);
      silent += all.size() - rest.size();
      for (boolean count : List.of(false, true)) {
        View with = search(all, count);
        View without = search(rest, count);
        assertThat(text(with))
            .as("seed %d, world %d: %s", seed, world, all)
            .isEqualTo(text(without));
        assertThat(untimed(with)).as("seed %d", seed).isEqualTo(untimed(without));
        assertThat(with.from()).as("seed %d", seed).isEqualTo(without.from());
      }
    }
    assertThat(silent).as("seed %d withholds something", seed).isGreaterThan(WORLDS);
  }

  @Test
  void pagesAreAlikeAndTheirTokens() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int followed = 0;
    for (int world = 0; world < WORLDS; world++) {
      List<Thing> all = things(random);
      List<Thing> rest = without(all);
      int size = random.nextInt(1, 3);
      List<String> with = pages(all, size);
      assertThat(with)
          .as("seed %d, world %d, %d a page: %s", seed, world, size, all)
          .isEqualTo(pages(rest, size));
      followed += with.size() - 1;
    }
    assertThat(followed).as("seed %d goes on", seed).isGreaterThan(WORLDS / 4);
  }

  /** Every page as it is, its sealed links opened. */
  private static List<String> pages(List<Thing> things, int size) {
    ResultParameters results = new ResultParameters(List.of(), OptionalInt.of(size), List.of());
    FhirQuery query = new FhirQuery(ASKED, true, ADA, List.of(), results, false, List.of());
    Federation federation = federation(things);
    List<String> pages = new ArrayList<>();
    Optional<View> page = Optional.of((View) federation.search(call(), query, Wishes.NONE));
    while (page.isPresent()) {
      String text = text(page.get());
      Matcher next = NEXT.matcher(text);
      page = Optional.empty();
      if (next.find()) {
        page = Optional.of((View) federation.goOn(call(), next.group(1), Optional.empty()));
      }
      pages.add(LINK.matcher(text).replaceAll(link -> opened(link.group(1))));
    }
    return pages;
  }

  private static String opened(String token) {
    return Matcher.quoteReplacement(
        ((PageTokens.Opened.Content) TOKENS.open(token, NOON)).claims().toString());
  }

  @Test
  void readsAndDocumentsAreAlike() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int world = 0; world < WORLDS / 3; world++) {
      List<Thing> all = things(random);
      for (Thing thing : all) {
        // A read sees the one resource and what it lists, and judges it by that alone.
        List<Thing> seen = thing.type.equals("List") ? listed(thing, all) : List.of(thing);
        List<Thing> absent =
            thing.type.equals("List") ? without(seen) : thing.kept() ? List.of() : List.of(thing);
        assertThat(read(seen, thing.type, thing.id))
            .as("seed %d, world %d: %s of %s", seed, world, thing.name(), all)
            .isEqualTo(read(absent, thing.type, thing.id));
      }
      List<Thing> read = all.stream().filter(thing -> thing.include || isPointing(thing)).toList();
      List<Thing> shown = without(read);
      for (String id : List.of("0", "1", "2")) {
        List<Thing> pointers =
            read.stream().filter(thing -> thing.targets.contains("Binary/" + id)).toList();
        boolean given = !pointers.isEmpty() && shown.containsAll(pointers);
        assertThat(read(all, "Binary", id))
            .as("seed %d, world %d: Binary/%s of %s", seed, world, id, all)
            .isEqualTo(given ? "200 A" : "404");
      }
    }
  }

  /** A List with all that goes by its name, and what these list. */
  private static List<Thing> listed(Thing list, List<Thing> all) {
    return all.stream()
        .filter(
            thing ->
                thing.name().equals(list.name())
                    || all.stream()
                        .anyMatch(
                            copy ->
                                copy.name().equals(list.name())
                                    && copy.targets.contains(thing.name())))
        .toList();
  }

  private static boolean isPointing(Thing thing) {
    return thing.type.equals("DocumentReference") || thing.type.equals("DiagnosticReport");
  }

  private static FederatedAnswer.Tally untimed(View view) {
    FederatedAnswer.Tally tally = view.tally();
    return new FederatedAnswer.Tally(
        tally.known(),
        tally.agreed(),
        tally.asked(),
        tally.answered(),
        tally.allAnswered(),
        List.of());
  }

  /** What there would be if nothing that is silently withheld were. */
  private static List<Thing> without(List<Thing> all) {
    List<Thing> rest = new ArrayList<>(all);
    while (rest.removeIf(thing -> isHidden(thing, all, rest))) {}
    List<Thing> hidden = all.stream().filter(thing -> !rest.contains(thing)).toList();
    Set<Thing> behind = behind(hidden, rest);
    behind.removeAll(behind(rest.stream().filter(thing -> !behind.contains(thing)).toList(), rest));
    rest.removeAll(behind);
    return rest;
  }

  private static boolean isHidden(Thing thing, List<Thing> all, List<Thing> rest) {
    boolean copied =
        all.stream().anyMatch(each -> each.name().equals(thing.name()) && !rest.contains(each));
    boolean refers =
        !thing.type.equals("DocumentReference")
            && thing.targets.stream()
                .anyMatch(
                    target ->
                        all.stream()
                            .anyMatch(each -> each.name().equals(target) && !rest.contains(each)));
    boolean lacks =
        thing.type.equals("List")
            && thing.targets.stream()
                .anyMatch(target -> all.stream().noneMatch(each -> each.name().equals(target)));
    return thing.kept() || copied || refers || lacks;
  }

  /** Includes that {@code from} lead to. */
  private static Set<Thing> behind(List<Thing> from, List<Thing> rest) {
    Set<Thing> behind = new java.util.LinkedHashSet<>();
    List<Thing> open = new ArrayList<>(from);
    while (!open.isEmpty()) {
      Thing thing = open.removeFirst();
      rest.stream()
          .filter(each -> thing.targets.contains(each.name()))
          .filter(each -> rest.stream().noneMatch(o -> o.name().equals(each.name()) && !o.include))
          .filter(behind::add)
          .forEach(open::add);
    }
    return behind;
  }

  private static List<Thing> things(Random random) {
    List<Thing> things = new ArrayList<>();
    int size = random.nextInt(9);
    for (int i = 0; i < size; i++) {
      boolean include = random.nextInt(4) == 0;
      String type = Worlds.one(random, include ? INCLUDED : ASKED);
      List<String> targets =
          IntStream.range(0, type.equals("Binary") ? 0 : random.nextInt(3))
              .mapToObj(_ -> target(type, random))
              .distinct()
              .toList();
      things.add(
          new Thing(
              type,
              "" + random.nextInt(3),
              targets,
              random.nextInt(6) == 0,
              random.nextInt(6) == 0,
              include));
    }
    return things;
  }

  private static String target(String type, Random random) {
    String to = type.equals("DocumentReference") ? "Binary" : Worlds.one(random, TYPES);
    return to + "/" + random.nextInt(3);
  }

  private static View search(List<Thing> things, boolean count) {
    FhirQuery query = new FhirQuery(ASKED, true, ADA, List.of(), count, List.of());
    return (View) federation(things).search(call(), query, Wishes.NONE);
  }

  private static String read(List<Thing> things, String type, String id) {
    FederatedAnswer answer = federation(things).read(call(), ADA, new RegionId("london"), type, id);
    return switch (answer) {
      case Found found -> "200 " + text(found.content());
      case FederatedAnswer.FoundDocument found -> "200 " + text(found.document());
      case FederatedAnswer.NotFound _ -> "404";
      case FederatedAnswer.Unanswered _, View _ -> throw new AssertionError("no answer to a read");
    };
  }

  private static Federation federation(List<Thing> things) {
    Regions regions =
        new Regions(
            1,
            "hash",
            Given.gateway(),
            List.of(Given.asker(CERTIFICATE), LONDON, WESSEX),
            List.of(Given.agreement("london", List.copyOf(LONDON.answers().orElseThrow().types()))),
            List.of());
    return new Federation(
        () -> regions,
        OptOuts.Unknown::new,
        (question, _) -> CompletableFuture.completedFuture(answer(question, things)),
        new UnreadAudit(),
        "https://gateway.example",
        () -> NOON,
        new Quality(NOON),
        TOKENS,
        RULES);
  }

  private static PeerAnswer answer(PeerQuestion question, List<Thing> things) {
    List<Entry> entries = things.stream().map(Thing::entry).toList();
    return switch (question) {
      case PeerQuestion.Document _ ->
          new PeerAnswer.Document(OpenDocument.held("text/plain", Slice.of("A")), Optional.empty());
      case PeerQuestion.Read read -> answered(Map.of(read.type(), read(entries)));
      case PeerQuestion.Search search -> answered(byType(search.types(), entries));
      case PeerQuestion.Consents _ -> throw new AssertionError("nobody has Consents here");
      case PeerQuestion.Demographics _ -> throw new AssertionError("nobody knows people here");
    };
  }

  private static Map<String, TypeAnswer> byType(List<String> types, List<Entry> entries) {
    Map<String, TypeAnswer> found = new LinkedHashMap<>();
    for (String type : types) {
      boolean first = found.isEmpty();
      found.put(
          type,
          read(
              entries.stream()
                  .filter(
                      entry ->
                          entry.mode() == Entry.Mode.INCLUDE ? first : entry.type().equals(type))
                  .toList()));
    }
    return found;
  }

  private static TypeAnswer read(List<Entry> entries) {
    return new TypeAnswer.Read(entries, List.<Gap>of());
  }

  private static PeerAnswer answered(Map<String, TypeAnswer> types) {
    return new PeerAnswer.Answered(Given.entries(Given.patient("london", "p1", ADA)), types);
  }

  private static boolean isLabelled(Entry entry) {
    return !entry.facets().labels().isEmpty();
  }

  private static Call call() {
    return new Call(
        Given.requester(Thumbprints.x5tS256(CERTIFICATE)),
        "request-1",
        "127.0.0.1",
        Traceparent.fresh());
  }

  private static String text(View view) {
    return text(view.bundle());
  }

  private static String text(dev.ermine.fhir.Gather gather) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      gather.writeTo(out);
      return out.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String text(OpenDocument document) {
    byte[] bytes = new byte[16];
    try {
      return new String(bytes, 0, document.read(bytes), java.nio.charset.StandardCharsets.UTF_8);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
