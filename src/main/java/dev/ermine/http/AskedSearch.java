package dev.ermine.http;

import dev.ermine.federation.Wishes;
import dev.ermine.fhir.FhirQuery;
import dev.ermine.fhir.Issue;
import dev.ermine.fhir.Parameter;
import dev.ermine.fhir.ParsedQuery;
import dev.ermine.fhir.QueryParser;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What became of a request for a search: a question, or the reply that says why it is none. */
sealed interface AskedSearch {

  /** The parameter that holds the token of a link. */
  String PAGE_TOKEN = "_page_token";

  /** A question. */
  record Question(FhirQuery query, Wishes wishes) implements AskedSearch {}

  /**
   * Where a link of an earlier answer leads.
   *
   * @param token the link's
   * @param deadline {@code Ermine-Deadline}
   */
  record Onward(String token, Optional<Duration> deadline) implements AskedSearch {
    /** Nothing of the token. */
    @Override
    public String toString() {
      return "Onward";
    }
  }

  /** Not a question. */
  record NotAsked(Reply reply) implements AskedSearch {}

  /**
   * Reads a request for a search.
   *
   * @param type the type that the path names; none for a search at the base
   */
  static AskedSearch read(Optional<String> type, Admitted admitted) {
    if (!Media.acceptsFhirJson(admitted.headers().getAll("accept"))) {
      return new NotAsked(Refusals.of(Fault.NOT_ACCEPTABLE));
    }
    if (admitted.address().takesForm() && !isPlainForm(admitted)) {
      return new NotAsked(Refusals.of(Fault.MEDIA_TYPE));
    }
    return switch (WishHeaders.read(admitted.headers())) {
      case WishHeaders.Heard.Unclear unclear -> new NotAsked(Refusals.malformed(unclear.faults()));
      case WishHeaders.Heard.Understood understood -> read(type, admitted, understood);
    };
  }

  private static boolean isPlainForm(Admitted admitted) {
    return Media.isForm(admitted.headers().get("content-type"))
        && !admitted.headers().contains("content-encoding");
  }

  private static AskedSearch read(
      Optional<String> type, Admitted admitted, WishHeaders.Heard.Understood understood) {
    return switch (FormText.parse(admitted.query())) {
      case FormText.Parsed.Malformed malformed ->
          new NotAsked(Refusals.malformed(List.of(malformed.issue())));
      case FormText.Parsed.Parameters url ->
          switch (FormText.parse(admitted.body())) {
            case FormText.Parsed.Malformed malformed ->
                new NotAsked(Refusals.malformed(List.of(malformed.issue())));
            case FormText.Parsed.Parameters form ->
                parse(type, url.list(), form.list(), understood);
          };
    };
  }

  private static AskedSearch parse(
      Optional<String> type,
      List<Parameter> url,
      List<Parameter> form,
      WishHeaders.Heard.Understood understood) {
    List<Parameter> all = Stream.concat(url.stream(), form.stream()).toList();
    if (type.isEmpty() && all.stream().anyMatch(AskedSearch::isPageToken)) {
      return onward(all, understood.wishes());
    }
    return switch (QueryParser.parse(type, url, form, understood.strict())) {
      case ParsedQuery.Malformed malformed -> new NotAsked(Refusals.of(malformed));
      case FhirQuery query -> new Question(query, understood.wishes());
    };
  }

  private static boolean isPageToken(Parameter parameter) {
    return parameter.name().equals(PAGE_TOKEN);
  }

  /** All else has been said by the question that the link goes on from. */
  private static AskedSearch onward(List<Parameter> parameters, Wishes wishes) {
    List<Parameter> others = parameters.stream().filter(it -> !isFormat(it)).toList();
    return others.size() == 1
        ? new Onward(others.getFirst().value(), wishes.deadline())
        : new NotAsked(
            Refusals.malformed(
                List.of(
                    Issue.error(
                        Issue.Code.INVALID,
                        "`_page_token` stands alone: follow the link as it was given"))));
  }

  private static boolean isFormat(Parameter parameter) {
    return parameter.name().equals("_format") || parameter.name().equals("_pretty");
  }
}
