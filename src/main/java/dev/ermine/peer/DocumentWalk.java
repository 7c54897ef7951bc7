package dev.ermine.peer;

import dev.ermine.federation.PeerQuestion;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.PeerBody;
import dev.ermine.fhir.ResourceId;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import io.vertx.core.Future;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How a Binary is asked for: as the document itself, or as the resource that wraps it.
 *
 * @see <a href="https://hl7.org/fhir/R4/binary.html#rest">FHIR R4: serving Binary</a>
 */
final class DocumentWalk {

  private static final String ACCEPT = "application/fhir+json;q=0.9, */*;q=0.8";
  private static final String UNKNOWN_TYPE = "application/octet-stream";

  /** A literal reference, relative or absolute, and nothing beside it. */
  private static final Pattern REFERENCE =
      Pattern.compile(
          "(?:https://[A-Za-z0-9.:/_-]{1,500}/)?[A-Z][A-Za-z]{1,63}/[A-Za-z0-9.-]{1,64}");

  private final PeerQuestion.Document document;
  private final Conversation conversation;

  DocumentWalk(PeerQuestion.Document document, Conversation conversation) {
    this.document = document;
    this.conversation = conversation;
  }

  Future<PeerAnswer> answer() {
    if (!ResourceId.isValid(document.id())) {
      return Future.succeededFuture(new PeerAnswer.NotMatched());
    }
    PeerRequest request = PeerRequest.read(conversation.answers(), "Binary", document.id(), ACCEPT);
    return conversation.exchange(request).compose(this::answer);
  }

  private Future<PeerAnswer> answer(Reply reply) {
    return switch (reply) {
      case Reply.Failed failed -> missed(failed.miss());
      case Reply.Response response ->
          conversation
              .meaning(response)
              .map(DocumentWalk::refused)
              .orElseGet(() -> opened(response));
    };
  }

  private static Future<PeerAnswer> refused(Reading reading) {
    return reading instanceof Reading.Missing(Miss miss)
        ? missed(miss)
        : Future.succeededFuture(new PeerAnswer.NotMatched());
  }

  private Future<PeerAnswer> opened(Reply.Response response) {
    if (response.securityContext().filter(context -> !isReference(context)).isPresent()) {
      return missed(new Miss.Failing("its document's security context is not a reference"));
    }
    String type = response.contentType().flatMap(MediaType::wellFormed).orElse(UNKNOWN_TYPE);
    return MediaType.saysFhir(type)
        ? conversation.scanned(response).map(reading -> wrapped(reading, type, response))
        : Future.succeededFuture(
            new PeerAnswer.Document(type, response.body(), response.securityContext()));
  }

  /** A Binary resource: it is passed on as it is, with the context that header or content names. */
  private PeerAnswer wrapped(Reading reading, String type, Reply.Response response) {
    return switch (reading) {
      case Reading.Body(PeerBody.Resource(Entry entry)) when isAsked(entry) -> {
        Set<String> contexts = new LinkedHashSet<>();
        response.securityContext().ifPresent(contexts::add);
        entry.references().stream()
            .filter(reference -> reference.element().equals("securityContext"))
            .forEach(
                reference -> contexts.add(reference.literal().map(Entry.Url::value).orElse("")));
        yield contexts.size() <= 1 && contexts.stream().allMatch(DocumentWalk::isReference)
            ? new PeerAnswer.Document(type, response.body(), contexts.stream().findFirst())
            : new PeerAnswer.Missed(
                new Miss.Failing("its document's security context is not one reference"));
      }
      case Reading.Missing(Miss miss) -> new PeerAnswer.Missed(miss);
      case Reading.Body(PeerBody.Unreadable(String why)) ->
          new PeerAnswer.Missed(new Miss.Failing(why));
      case Reading any ->
          new PeerAnswer.Missed(new Miss.Failing("something other than the document asked for"));
    };
  }

  private boolean isAsked(Entry entry) {
    return entry.type().equals("Binary") && entry.id().filter(document.id()::equals).isPresent();
  }

  private static boolean isReference(String text) {
    return REFERENCE.matcher(text).matches();
  }

  private static Future<PeerAnswer> missed(Miss miss) {
    return Future.succeededFuture(new PeerAnswer.Missed(miss));
  }
}
