package dev.ermine.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.ermine.policy.ConsentRules.Effect;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Consents evaluated the plain way: on the JSON, once for every question, by what every world that
 * is possible would say. Where something cannot be told there is a world in which it is so and one
 * in which it is not; of all that the worlds say, the least counts.
 *
 * @param consents resources of that type
 * @param others what came with them, all in the holder's base
 */
record PlainConsents(List<JsonNode> consents, List<JsonNode> others, Asked asked) {

  /** Who asks, when, and whom: all as the texts that JSON has. */
  record Asked(
      Set<String> purposes,
      Set<String> roles,
      String userId,
      Set<String> askingOds,
      String holderOds,
      String base,
      LocalDate day) {}

  /** What each code of purpose used here stands under. */
  private static final Map<String, String> ABOVE =
      Map.of(
          "BTG",
          "ETREAT",
          "ERTREAT",
          "ETREAT",
          "ETREAT",
          "TREAT",
          "COC",
          "TREAT",
          "CLINTRL",
          "TREAT",
          "CLINTRCH",
          "HRESCH");

  private static final List<String> LEVELS = List.of("U", "L", "M", "N", "R", "V");

  private static final Map<String, List<String>> SENSITIVITIES =
      Map.of(
          "HIV", List.of("HIV"),
          "SEX", List.of("SEX"),
          "PSY", List.of("PSY", "SPI"),
          "ETHUD", List.of("ETHUD", "SUD", "SPI"),
          "SUD", List.of("SUD", "SPI"),
          "SPI", List.of("SPI"));

  /** The effect; empty: what the patient decided cannot be established. */
  Optional<Effect> of(JsonNode entry) {
    List<JsonNode> counting =
        consents.stream()
            .filter(consent -> consent.path("status").asText().equals("active"))
            .filter(consent -> code(consent.path("scope")).equals("patient-privacy"))
            .filter(consent -> consents.stream().noneMatch(other -> supersedes(other, consent)))
            .toList();
    Set<Effect> effects = EnumSet.noneOf(Effect.class);
    for (JsonNode consent : counting) {
      if (isMalformed(consent.path("provision"))) {
        return Optional.empty();
      }
      Optional<Effect> effect = of(consent, entry);
      if (effect.isEmpty()) {
        return Optional.empty();
      }
      effects.add(effect.get());
    }
    return Optional.of(
        effects.contains(Effect.DENY)
            ? Effect.DENY
            : effects.contains(Effect.PERMIT) ? Effect.PERMIT : Effect.NONE);
  }

  private static boolean supersedes(JsonNode later, JsonNode consent) {
    String one = later.path("dateTime").asText();
    String other = consent.path("dateTime").asText();
    return later.path("status").asText().equals("active")
        && code(later.path("scope")).equals("patient-privacy")
        && !later.at("/identifier/0/value").isMissingNode()
        && later.path("identifier").equals(consent.path("identifier"))
        && !one.isEmpty()
        && !other.isEmpty()
        && one.compareTo(other) > 0;
  }

  /** Some exception inside it neither permits nor denies. */
  private static boolean isMalformed(JsonNode provision) {
    return items(provision.path("provision"))
        .anyMatch(each -> !each.has("type") || isMalformed(each));
  }

  private Optional<Effect> of(JsonNode consent, JsonNode entry) {
    Optional<Effect> base = base(consent);
    JsonNode root = consent.path("provision");
    if (root.has("type")) {
      return Optional.of(
          least(above(base.orElse(Effect.NONE), says(root, type(root), consent, entry))));
    }
    if (base.isEmpty()) {
      return Optional.empty();
    }
    if (root.isMissingNode()) {
      return base;
    }
    boolean bare = root.propertyStream().allMatch(each -> each.getKey().equals("provision"));
    Effect bounds = least(says(root, base.get(), consent, entry));
    if (bare) {
      return Optional.of(bounds);
    }
    Effect opposite = base.get() == Effect.DENY ? Effect.PERMIT : Effect.DENY;
    Effect exception = least(above(base.get(), says(root, opposite, consent, entry)));
    return Optional.of(least(EnumSet.of(bounds, exception)));
  }

  private Optional<Effect> base(JsonNode consent) {
    return switch (code(consent.path("policyRule"))) {
      case "OPTIN" -> Optional.of(Effect.PERMIT);
      case "OPTOUT" -> Optional.of(Effect.DENY);
      case "EMRGONLY" ->
          Optional.of(
              Set.of("ETREAT", "ERTREAT").containsAll(asked.purposes())
                  ? Effect.PERMIT
                  : Effect.DENY);
      default -> Optional.empty();
    };
  }

  /** What a provision of that type may say, over all worlds. */
  private Set<Effect> says(JsonNode provision, Effect type, JsonNode consent, JsonNode entry) {
    Set<Set<Effect>> exceptions = Set.of(Set.of());
    for (JsonNode exception : array(provision.path("provision"))) {
      Set<Effect> said = says(exception, type(exception), consent, entry);
      exceptions =
          exceptions.stream()
              .flatMap(before -> said.stream().map(one -> with(before, one)))
              .collect(Collectors.toSet());
    }
    Set<Effect> inside =
        exceptions.stream()
            .map(
                all ->
                    all.contains(Effect.DENY)
                        ? Effect.DENY
                        : all.contains(Effect.PERMIT) ? Effect.PERMIT : type)
            .collect(Collectors.toSet());
    Set<Boolean> applies = applies(provision, type == Effect.DENY, consent, entry);
    Set<Effect> says = EnumSet.noneOf(Effect.class);
    if (applies.contains(true)) {
      says.addAll(inside);
    }
    if (applies.contains(false)) {
      says.add(Effect.NONE);
    }
    return says;
  }

  private static Set<Effect> with(Set<Effect> before, Effect one) {
    return Stream.concat(before.stream(), Stream.of(one)).collect(Collectors.toSet());
  }

  private static Set<Effect> above(Effect base, Set<Effect> said) {
    return said.stream()
        .map(effect -> effect == Effect.NONE ? base : effect)
        .collect(Collectors.toSet());
  }

  private static Effect least(Set<Effect> effects) {
    return Stream.of(Effect.DENY, Effect.NONE, Effect.PERMIT)
        .filter(effects::contains)
        .findFirst()
        .orElseThrow();
  }

  private static Effect type(JsonNode provision) {
    return provision.path("type").asText().equals("deny") ? Effect.DENY : Effect.PERMIT;
  }

  // Whether a provision applies: the answers there may be.

  private static final Set<Boolean> YES = Set.of(true);
  private static final Set<Boolean> NO = Set.of(false);
  private static final Set<Boolean> PERHAPS = Set.of(true, false);

  private Set<Boolean> applies(JsonNode rule, boolean deny, JsonNode consent, JsonNode entry) {
    List<Set<Boolean>> all = new ArrayList<>();
    if (rule.has("period")) {
      all.add(known(covers(rule.path("period"), asked.day(), asked.day())));
    }
    if (rule.has("purpose")) {
      all.add(purpose(rule.path("purpose"), deny));
    }
    if (rule.has("action")) {
      all.add(any(items(rule.path("action")).map(PlainConsents::action).toList()));
    }
    if (rule.has("actor")) {
      all.add(actors(rule.path("actor"), deny, consent, entry));
    }
    if (rule.has("securityLabel")) {
      all.add(any(items(rule.path("securityLabel")).map(l -> label(l, deny, entry)).toList()));
    }
    if (rule.has("class")) {
      all.add(any(items(rule.path("class")).map(each -> kind(each, entry)).toList()));
    }
    if (rule.has("code")) {
      all.add(code(rule.path("code"), entry));
    }
    if (rule.has("dataPeriod")) {
      all.add(dates(rule.path("dataPeriod"), deny, entry));
    }
    if (rule.has("data")) {
      all.add(any(items(rule.path("data")).map(each -> data(each, entry)).toList()));
    }
    return every(all);
  }

  private static Set<Boolean> known(boolean yes) {
    return Set.of(yes);
  }

  private static Set<Boolean> any(List<Set<Boolean>> answers) {
    if (answers.contains(YES)) {
      return YES;
    }
    return answers.contains(PERHAPS) ? PERHAPS : NO;
  }

  private static Set<Boolean> every(List<Set<Boolean>> answers) {
    if (answers.contains(NO)) {
      return NO;
    }
    return answers.contains(PERHAPS) ? PERHAPS : YES;
  }

  private Set<Boolean> purpose(JsonNode codings, boolean deny) {
    Set<String> named =
        items(codings)
            .filter(each -> each.path("system").asText().endsWith("/v3-ActReason"))
            .map(each -> each.path("code").asText())
            .collect(Collectors.toSet());
    boolean met =
        deny
            ? asked.purposes().stream()
                .anyMatch(each -> !Collections.disjoint(upwards(each), named))
            : named.containsAll(asked.purposes());
    boolean clear =
        items(codings).allMatch(each -> each.path("system").asText().endsWith("/v3-ActReason"));
    return met ? YES : clear ? NO : PERHAPS;
  }

  /** The purpose, and what it stands under. */
  private static List<String> upwards(String purpose) {
    List<String> all = new ArrayList<>();
    for (String each = purpose; !each.isEmpty(); each = ABOVE.getOrDefault(each, "")) {
      all.add(each);
    }
    return all;
  }

  private static Set<Boolean> action(JsonNode concept) {
    if (!concept.at("/coding/0/system").asText().endsWith("/consentaction")) {
      return PERHAPS;
    }
    return known(List.of("access", "disclose").contains(code(concept)));
  }

  private Set<Boolean> actors(JsonNode actors, boolean deny, JsonNode consent, JsonNode entry) {
    Map<String, List<Set<Boolean>>> parts =
        items(actors)
            .collect(
                Collectors.groupingBy(
                    each -> deny ? "" : part(each),
                    Collectors.mapping(each -> actor(each, consent, entry), Collectors.toList())));
    return every(parts.values().stream().map(PlainConsents::any).toList());
  }

  private static String part(JsonNode actor) {
    return switch (code(actor.path("role"))) {
      case "IRCP", "PRCP", "R8000", "R8001" -> "recipient";
      case "CST" -> "custodian";
      case "AUT" -> "author";
      default -> "unknown";
    };
  }

  private Set<Boolean> actor(JsonNode actor, JsonNode consent, JsonNode entry) {
    JsonNode who = actor.path("reference");
    String role = code(actor.path("role"));
    return switch (role) {
      case "IRCP", "PRCP" -> recipient(who);
      case "R8000", "R8001" -> every(List.of(known(asked.roles().contains(role)), recipient(who)));
      case "CST" ->
          who.equals(consent.at("/organization/0"))
                  || values(who, "ods-organization-code").contains(asked.holderOds())
              ? YES
              : PERHAPS;
      case "AUT" -> authored(who, entry);
      default -> PERHAPS;
    };
  }

  private Set<Boolean> recipient(JsonNode who) {
    Set<String> ods = values(who, "ods-organization-code");
    Set<String> users = values(who, "sds-user-id");
    if (!ods.isEmpty()) {
      return known(!Collections.disjoint(ods, asked.askingOds()));
    }
    if (!users.isEmpty()) {
      return known(users.contains(asked.userId()));
    }
    JsonNode group = other(who);
    List<Set<Boolean>> members =
        items(group.path("member")).map(each -> recipient(each.path("entity"))).toList();
    return members.isEmpty() ? PERHAPS : any(members);
  }

  /** The values of identifiers of a kind, in a reference or in what it leads to. */
  private Set<String> values(JsonNode who, String kind) {
    return Stream.concat(Stream.of(who.path("identifier")), items(other(who).path("identifier")))
        .filter(each -> each.path("system").asText().endsWith("/" + kind))
        .map(each -> each.path("value").asText())
        .collect(Collectors.toSet());
  }

  private JsonNode other(JsonNode who) {
    return others.stream()
        .filter(each -> who.path("reference").asText().equals(name(each)))
        .findFirst()
        .orElse(MissingNode.getInstance());
  }

  private static String name(JsonNode resource) {
    return resource.path("resourceType").asText() + "/" + resource.path("id").asText();
  }

  private static Set<Boolean> label(JsonNode label, boolean deny, JsonNode entry) {
    String code = label.path("code").asText();
    List<JsonNode> theirs = items(entry.at("/meta/security")).toList();
    if (LEVELS.contains(code)) {
      int highest =
          theirs.stream()
              .mapToInt(each -> LEVELS.indexOf(each.path("code").asText()))
              .max()
              .orElse(-1);
      if (highest < 0) {
        return PERHAPS;
      }
      return known(deny ? highest >= LEVELS.indexOf(code) : highest <= LEVELS.indexOf(code));
    }
    Set<String> sensitive =
        theirs.stream()
            .flatMap(
                each -> SENSITIVITIES.getOrDefault(each.path("code").asText(), List.of()).stream())
            .collect(Collectors.toSet());
    return sensitive.isEmpty() ? PERHAPS : known(sensitive.contains(code));
  }

  private static Set<Boolean> kind(JsonNode coding, JsonNode entry) {
    return coding.path("system").asText().equals("http://hl7.org/fhir/resource-types")
        ? known(coding.path("code").equals(entry.path("resourceType")))
        : PERHAPS;
  }

  private static Set<Boolean> code(JsonNode concepts, JsonNode entry) {
    List<String> theirs = codings(entry.path("code"));
    if (theirs.isEmpty()) {
      return PERHAPS;
    }
    if (items(concepts).anyMatch(each -> !Collections.disjoint(codings(each), theirs))) {
      return YES;
    }
    return items(concepts).anyMatch(each -> codings(each).isEmpty()) ? PERHAPS : NO;
  }

  private static List<String> codings(JsonNode concept) {
    return items(concept.path("coding"))
        .map(each -> each.path("system").asText() + "|" + each.path("code").asText())
        .toList();
  }

  private static Set<Boolean> dates(JsonNode period, boolean deny, JsonNode entry) {
    List<String> dates =
        Stream.of("effectiveDateTime", "issuedDate")
            .filter(entry::has)
            .map(each -> entry.path(each).asText())
            .toList();
    if (dates.isEmpty()) {
      return PERHAPS;
    }
    return known(
        deny
            ? dates.stream().anyMatch(each -> touches(period, first(each), last(each)))
            : dates.stream().allMatch(each -> covers(period, first(each), last(each))));
  }

  private static boolean covers(JsonNode period, LocalDate first, LocalDate last) {
    return !start(period).isAfter(first) && !end(period).isBefore(last);
  }

  private static boolean touches(JsonNode period, LocalDate first, LocalDate last) {
    return !start(period).isAfter(last) && !end(period).isBefore(first);
  }

  private static LocalDate start(JsonNode period) {
    return period.has("start") ? first(period.path("start").asText()) : LocalDate.MIN;
  }

  private static LocalDate end(JsonNode period) {
    return period.has("end") ? last(period.path("end").asText()) : LocalDate.MAX;
  }

  private static LocalDate first(String date) {
    return LocalDate.parse(date + "-01-01".substring(date.length() - 4));
  }

  private static LocalDate last(String date) {
    LocalDate first = first(date);
    return switch (date.length()) {
      case 4 -> first.plusYears(1).minusDays(1);
      case 7 -> first.plusMonths(1).minusDays(1);
      default -> first;
    };
  }

  private Set<Boolean> data(JsonNode data, JsonNode entry) {
    String named = data.at("/reference/reference").asText();
    boolean itself = named.equals(name(entry));
    return switch (data.path("meaning").asText()) {
      case "instance" -> known(itself);
      case "dependents" -> known(itself || references(entry).contains(named));
      case "related" -> {
        JsonNode instance = other(data.path("reference"));
        yield itself
            ? YES
            : instance.isMissingNode()
                ? PERHAPS
                : known(references(instance).contains(name(entry)));
      }
      default -> authored(data.path("reference"), entry);
    };
  }

  /** A practitioner is no other practitioner, and no organisation. */
  private static Set<Boolean> authored(JsonNode author, JsonNode entry) {
    List<String> theirs =
        items(entry.path("performer")).map(each -> each.path("reference").asText()).toList();
    String named = author.path("reference").asText();
    if (theirs.isEmpty()) {
      return PERHAPS;
    }
    if (theirs.contains(named)) {
      return YES;
    }
    boolean elsewhere =
        named.isEmpty()
            || named.startsWith("Group/")
            || (named.startsWith("Organization/")
                && theirs.stream().anyMatch(each -> each.startsWith("Practitioner/")));
    return elsewhere ? PERHAPS : NO;
  }

  private static List<String> references(JsonNode resource) {
    return resource.findValuesAsText("reference");
  }

  private static String code(JsonNode concept) {
    return concept.at("/coding/0/code").asText();
  }

  private static Iterable<JsonNode> array(JsonNode node) {
    return items(node).toList();
  }

  private static Stream<JsonNode> items(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
