/*
 * head001_write.c - the business application header, head.001.001.02, up to its signature.
 */
#include "chitra/pain001.h"
#include "message.h"

/* Fr is the party that instructs, To the bank that is to act (BusinessApplicationHeaderV02: Fr, To).
 * BizMsgIdr repeats the MsgId of the Document, as is the practice: one name for one file. The
 * character set is not announced: everything in it is UTF-8, and names go by the bank's profile. */
void head001_write(struct xml_writer *writer, const struct pain001_file *file)
{
    XML_RAW(writer, "<BusinessMessage><AppHdr xmlns=\"" HEAD001_NAMESPACE "\"><Fr><OrgId><Id><OrgId><Othr>");
    xml_element(writer, "Id", span_of(file->party_id));
    XML_RAW(writer, "</Othr></OrgId></Id></OrgId></Fr><To><FIId>");
    agent_write(writer, file->profile->bic, file->profile->bin);
    XML_RAW(writer, "</FIId></To><BizMsgIdr>");
    xml_data(writer, span_of(file->msg_id));
    XML_RAW(writer, "</BizMsgIdr><MsgDefIdr>pain.001.001.09</MsgDefIdr><CreDt>");
    xml_data(writer, span_of(file->created_at));
    XML_RAW(writer, "</CreDt>");
    /* The receiver who did not get the first one takes this one as if it were it; the other one must not act again. */
    if (file->possible_duplicate) {
        XML_RAW(writer, "<PssblDplct>true</PssblDplct>");
    }
    XML_RAW(writer, "<Sgntr>");
}
