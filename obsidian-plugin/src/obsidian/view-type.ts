export const VIEW_TYPE = "commonplace-chat";
export const NAME = "Commonplace";
